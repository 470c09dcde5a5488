"""The one door to the store for pages and reports: it asks, and never writes."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import msgspec

from dashboards.wall.figures import WallFigures
from dashboards.wall.questions import QUESTIONS, Asked, wall_figures
from dashboards.wall.snapshot import ALERTS_MAX, DUE_MAX
from streams.contracts.alert import Alert
from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import decoder_of
from streams.contracts.store import Answer, Store
from streams.contracts.topics import CASE_EVENTS

_THREADS = 4
_EVER_MS = 2**53
"""Later than anything."""
_ALERT_COLUMNS = tuple(field.name for field in msgspec.structs.fields(Alert))

_READING = frozenset({"select", "with", "show", "describe", "desc", "explain", "exists"})
_OUTSIDE = frozenset({
    "azureblobstorage", "cluster", "clusterallreplicas", "deltalake", "executable", "file", "filecluster", "gcs",
    "hdfs", "hudi", "iceberg", "input", "jdbc", "mongodb", "mysql", "odbc", "postgresql", "python", "redis", "remote",
    "remotesecure", "s3", "s3cluster", "sqlite", "url", "urlcluster", "ytsaurus",
})  # fmt: skip
"""Table functions that read what is not the store's own."""
_QUOTED = re.compile(
    r"""(?P<text>'(?:[^'\\]|\\.|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|‘[^’]*’)"""
    r"""|(?P<name>`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*"|“[^”]*”)"""
    r"""|(?P<comment>--[^\n]*|\#[^\n]*|/\*.*?\*/)""",
    re.DOTALL,
)
"""Texts (heredocs too), quoted names and comments: inside them nothing is a statement. Found in one pass, for a quote
inside one of them opens nothing."""


def check_reads(sql: str) -> None:
    """Refuse a statement that would do anything but read the store's own tables.

    Raises:
        ValueError: it writes, is several statements, or reaches outside the store; says which.
    """
    code = _QUOTED.sub(_bare, sql).lower().strip().rstrip(";").strip()
    words = re.findall(r"\w+", code)
    if not words:
        raise ValueError("there is no statement")
    if ";" in code:
        raise ValueError("only one statement at a time")
    pairs = set(pairwise(words))
    if words[0] not in _READING or ("insert", "into") in pairs:
        raise ValueError(f"only statements that read are allowed, not {words[0].upper()}")
    if ("into", "outfile") in pairs:
        raise ValueError("INTO OUTFILE writes a file, which is not allowed")
    if outside := _OUTSIDE.intersection(re.findall(r"(\w+)\s*\(", code)):
        raise ValueError(f"the function {min(outside)} reaches outside the store, which is not allowed")


def _bare(found: re.Match[str]) -> str:
    """What is left of a quoted piece: of a name its letters, as the name of a function can be quoted too."""
    if found["name"]:
        return found["name"][1:-1] if found["name"][1:-1].isidentifier() else "quoted"
    return " '' " if found["text"] else " "


_CHANGEABLE = """FROM cases FINAL WHERE hall = {hall:String} AND (
  state IN ('received', 'accepted', 'suspended', 'waiting')
  OR case_no IN (
    SELECT case_no FROM clocks FINAL
    WHERE hall = {hall:String} AND (provisional OR state IN ('running', 'suspended', 'waiting'))
  )
)"""


class Reader:
    """Asks a store in threads of its own, so that a slow answer holds up no page but its own."""

    def __init__(self, store: Store) -> None:
        """The store stays its owner's to close, after this reader is closed."""
        self._store = store
        self._threads = ThreadPoolExecutor(_THREADS, "store-reader")

    async def ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """Ask the store; parameters are written `{name:Type}` in the SQL.

        Raises:
            UnavailableError: the store does not answer.
            ValueError: the statement would not only read, or the store refuses it.
        """
        check_reads(sql)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._store.query, sql, parameters)

    async def figures(
        self,
        hall: str,
        zone: str,
        now_ms: int,
        horizons: Mapping[str, int | None],
        silent: Collection[str] = (),
    ) -> WallFigures:
        """The wall's figures of one hall (empty: all), whose day is that of `zone`; see WallFigures.

        `horizons`: up to when each feed of the hall is complete, epoch ms. A due that no horizon has reached condemns
        nobody. `silent`: the feeds that ought to have spoken.
        """
        asked = Asked(hall, zone, now_ms, horizons, frozenset(silent), DUE_MAX, ALERTS_MAX)
        parameters = asked.parameters()
        answers = await asyncio.gather(*(self.ask(question, parameters) for question in QUESTIONS))
        return wall_figures(asked, [answer.rows for answer in answers])

    async def alerts(self, hall: str, limit: int) -> Sequence[Alert]:
        """The newest alerts of one hall (empty: all), at most so many, held ones too."""
        answer = await self.ask(
            f"SELECT {', '.join(_ALERT_COLUMNS)} FROM alerts FINAL "
            "WHERE {hall:String} = '' OR hall = {hall:String} "
            "ORDER BY coalesce(told_at, known_at) DESC, alert_id LIMIT {limit:UInt32}",
            {"hall": hall, "limit": limit},
        )
        return [msgspec.convert(dict(zip(answer.columns, row, strict=True)), Alert) for row in answer.rows]

    async def has_alert(self, alert_id: str) -> bool:
        """Whether there is an alert with this id."""
        answer = await self.ask("SELECT count() FROM alerts WHERE alert_id = {id:String}", {"id": alert_id})
        return bool(answer.rows[0][0])

    async def proposed_withdrawal(self, finding_id: str) -> str | None:
        """The case of a finding whose withdrawal is proposed; None where there is none."""
        answer = await self.ask(
            "SELECT subject FROM findings FINAL WHERE finding_id = {id:String} AND withdrawal = 'proposed'",
            {"id": finding_id},
        )
        return str(answer.rows[0][0]) if answer.rows else None

    async def events_of(self, case_no: str, known_ms: int | None = None) -> list[CaseEvent]:
        """Every event of a case in every version that its source sent, with its first arrival, in order of arrival.

        With `known_ms` (epoch ms) only what had arrived by then.
        """
        answer = await self.ask(
            "SELECT body, arrived_at FROM case_events_history FINAL WHERE case_no = {case_no:String} "
            "AND toUnixTimestamp64Milli(arrived_at) <= {known:Int64} "
            "ORDER BY arrived_at, event_id, data_version, content_hash",
            {"case_no": case_no, "known": _EVER_MS if known_ms is None else known_ms},
        )
        decode = decoder_of(CASE_EVENTS)
        return [msgspec.structs.replace(decode(body.encode()), arrived_at=at) for body, at in answer.rows]

    async def open_cases(self, hall: str) -> list[str]:
        """The cases of a hall that a new calendar may change, by number: open ones, and closed ones with a clock that
        runs on or that stood on days not yet published.
        """
        answer = await self.ask(f"SELECT case_no {_CHANGEABLE} ORDER BY case_no", {"hall": hall})
        return [str(case_no) for (case_no,) in answer.rows]

    async def events_of_open_cases(self, hall: str, first: str, last: str) -> dict[str, list[CaseEvent]]:
        """The events of `open_cases` from one case number to another, each case's in order of arrival."""
        answer = await self.ask(
            "SELECT case_no, body, arrived_at FROM case_events_history FINAL "
            "WHERE case_no BETWEEN {first:String} AND {last:String} "
            f"AND case_no IN (SELECT case_no {_CHANGEABLE}) "
            "ORDER BY case_no, arrived_at, event_id, data_version, content_hash",
            {"hall": hall, "first": first, "last": last},
        )
        decode = decoder_of(CASE_EVENTS)
        found: dict[str, list[CaseEvent]] = {}
        for case_no, body, at in answer.rows:
            event = msgspec.structs.replace(decode(body.encode()), arrived_at=at)
            found.setdefault(case_no, []).append(event)
        return found

    async def provisional_clocks(self) -> dict[str, int]:
        """How many open clocks of each hall stand on days that nobody has published yet."""
        answer = await self.ask(
            "SELECT hall, count() FROM clocks FINAL "
            "WHERE provisional AND state IN ('running', 'suspended', 'waiting') GROUP BY hall"
        )
        return {str(hall): int(count) for hall, count in answer.rows}

    def close(self) -> None:
        """End the threads; answers under way are still given."""
        self._threads.shutdown()
