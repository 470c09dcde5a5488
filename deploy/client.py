"""Talks to a running stack over loopback: the same doors and the same store, behind HTTP."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpx
import msgspec

from deploy.embedded.data_folder import Running
from sinks.stores.values import parameters_text
from streams.contracts.codec import encode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.mark import Mark
from streams.contracts.store import Answer
from streams.contracts.topics import CASE_EVENTS, Topic

_SECONDS = 120.0


class StackClient:
    """One running stack. Every call raises UnavailableError when it does not answer."""

    def __init__(self, running: Running) -> None:
        """Nothing is sent yet."""
        self._http = httpx.Client(
            base_url=running.address, headers={"Authorization": f"Bearer {running.token}"}, timeout=_SECONDS
        )

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def get(self, path: str, **query: str) -> Any:
        """A JSON answer.

        Raises:
            UnreadableError: the stack refused; with its reason.
        """
        return self._call("GET", path, params={key: value for key, value in query.items() if value}).json()

    def post(self, path: str, content: bytes, **query: str) -> httpx.Response:
        """The answer to what was sent; raises as `get` does."""
        return self._call("POST", path, content=content, params=query)

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            zh = f"正在运行的实例没有应答（{error}）"
            raise UnavailableError(f"the running stack does not answer: {error}", zh=zh) from error
        if answer.is_error:
            refused = msgspec.json.decode(answer.content, type=dict[str, Any])
            reason, zh = str(refused.get("error", answer.text)), str(refused.get("error_zh", ""))
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                raise UnavailableError(reason, zh=zh)
            raise UnreadableError(reason, zh=zh, field=str(refused.get("field", "")))
        return answer


class RemoteStore:
    """The store of a running stack, for reading only (see streams/contracts/store.py)."""

    def __init__(self, client: StackClient) -> None:
        """Ask through this client."""
        self._client = client

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """Ask; raises ValueError with the store's own words when it refuses the statement."""
        question = {"query": sql, "format": "msgpack", "parameters": parameters_text(parameters)}
        try:
            answer = self._client.post("/api/sql", msgspec.json.encode(question))
        except UnreadableError as error:
            raise ValueError(error.reason) from error
        columns, rows = msgspec.msgpack.decode(answer.content, type=tuple[tuple[str, ...], list[list[Any]]])
        return Answer(columns, [tuple(row) for row in rows])

    def migrate(self) -> list[str]:
        """The running stack has done it."""
        return []

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Only the sink role of the running stack writes facts."""
        raise TypeError("a running stack's store is read only")

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()


class RemoteDoor:
    """The door of a running stack, for imports."""

    def __init__(self, client: StackClient, source: str) -> None:
        """`source` names the import in the stack's dead letters."""
        self._client = client
        self._source = source

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, msgspec.Struct]]) -> None:
        """Send canonical case events; they are safe on return.

        Raises:
            UnreadableError: the stack set some aside, as dead letters; with the reason of the first.
        """
        if topic is not CASE_EVENTS:
            raise TypeError("only case events are taken over HTTP")
        answer = (await self._post("/api/intake/events", (body for _, body in rows), source=self._source)).json()
        if answer["dead"]:
            first = answer["refused"][0]
            said = f"the running stack set {answer['dead']} of {len(rows)} events aside, the first: {first['reason']}"
            zh = f"{len(rows)} 个事件中有 {answer['dead']} 个未被接收，第一个：{first['reason_zh'] or first['reason']}"
            raise UnreadableError(said, zh=zh, field=first["field"])

    async def mark(self, topic: Topic, mark: Mark) -> None:
        """Send a mark."""
        await self._post("/api/intake/marks", [mark], topic=topic.name)

    async def dead(self, *letters: DeadLetter) -> None:
        """Send dead letters."""
        await self._post("/api/intake/dead-letters", letters)

    async def _post(self, path: str, lines: Iterable[msgspec.Struct], **query: str) -> httpx.Response:
        body = b"\n".join(map(encode, lines))
        return await asyncio.to_thread(self._client.post, path, body, **query)
