"""A stack made of plain functions, for the pages and the web API."""

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from litestar import Litestar
from litestar.testing import TestClient

from dashboards.server import make_app
from dashboards.wall.figures import AlertLine, DueCase, FeedFigure, OrgFigure, WallFigures
from dashboards.wall.snapshot import Name, NameKind
from dashboards.wall.stream import StreamSettings
from dashboards.web_parts import Refusal, WebParts
from streams.contracts.alert import Alert, Command
from streams.contracts.case_event import CaseEvent
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.mark import Mark
from streams.contracts.ranking import Ranking
from streams.contracts.store import Answer
from streams.contracts.words import Language

TOKEN = "right-token"
NOON_MS = 1_795_406_400_000
"""2026-11-23 12:00 in Shanghai."""
STATIC = Path(__file__).parents[2] / "dashboards" / "static"
"""The front end as the package build has left it."""
NAMES = {"pl": "平凉市政务大厅", "amr": "市市场监管局", "hr": "市人社局", "shop": "食品经营许可", "card": "社保卡申领"}


def some_figures(now_ms: int = NOON_MS) -> WallFigures:
    return WallFigures(
        open_cases=126,
        accepted_today=48,
        finished_today=31,
        overdue=3,
        due_today=5,
        levels={"warn": 7, "yellow": 2, "red": 1},
        due=(
            DueCase(case_no="pl/1", item="shop", org="amr", clock="promise", due_ms=now_ms - 3_723_000, level="yellow"),
            DueCase(case_no="pl/2", item="card", org="hr", clock="statutory", due_ms=now_ms + 5_000),
        ),
        alerts=(
            AlertLine(
                alert_id="a1", case_no="pl/1", item="shop", org="amr", level="yellow", state="told",
                title_zh="超过承诺时限", title_en="Over the promised limit", at_ms=now_ms - 3_723_000,
            ),
        ),
        orgs=(
            OrgFigure(org="hr", open_cases=40, levels={"warn": 3}),
            OrgFigure(org="amr", open_cases=20, levels={"yellow": 2, "red": 1}),
            OrgFigure(org="idle", open_cases=0, levels={}),
        ),
        feeds=(FeedFigure(feed="hall", horizon_ms=now_ms),),
    )  # fmt: skip


@dataclass
class Stack:
    """What the routes are given, and what they did with it."""

    figures: WallFigures = field(default_factory=some_figures)
    reading: Callable[[str], Awaitable[WallFigures]] | None = None
    store_up: bool = True
    readings: int = 0
    alerts: list[Alert] = field(default_factory=list)
    explanation: dict[str, Any] | None = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    marks: list[tuple[str, Mark]] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    now_ms: int = NOON_MS
    token: str = field(default=TOKEN, repr=False)

    async def read_figures(self, hall: str) -> WallFigures:
        if self.reading:
            return await self.reading(hall)
        self.readings += 1
        self._ask("figures", hall)
        return self.figures

    async def read_alerts(self, hall: str, limit: int) -> Sequence[Alert]:
        self._ask("alerts", hall, limit)
        return self.alerts[:limit]

    async def explain(
        self, case_no: str, lang: Language, at_ms: int | None, known_ms: int | None
    ) -> dict[str, Any] | None:
        self._ask("explain", case_no, lang, at_ms, known_ms)
        return self.explanation

    async def command(self, command: Command) -> None:
        self._ask("command")
        self.commands.append(command)

    async def accept(self, events: Sequence[CaseEvent]) -> Sequence[Refusal]:
        self._ask("accept")
        away = {refusal.position for refusal in self.refusals}
        self.events += [event for position, event in enumerate(events) if position not in away]
        return self.refusals

    async def mark(self, topic: str, mark: Mark) -> None:
        self.marks.append((topic, mark))

    async def dead(self, letters: Sequence[DeadLetter]) -> None:
        self.letters += letters

    async def apply_hall(self, folder: str) -> str:
        self._ask("apply_hall", folder)
        if folder == "nowhere":
            raise UnreadableError("no hall 'nowhere'", zh="没有大厅 nowhere", field="folder")
        return "v2"

    async def publish_ranking(self, ranking: Ranking) -> None:
        self._ask("publish_ranking", ranking)

    async def status(self) -> dict[str, Any]:
        return {"lag": 0, "since": timedelta(seconds=3)}

    async def settle(self) -> bool:
        self._ask("settle")
        return True

    async def sql(self, query: str, parameters: Mapping[str, Any]) -> Answer:
        self._ask("sql", query, parameters)
        if not query.lower().startswith("select"):
            raise ValueError("only statements that read")
        return Answer(("a", "b"), [(1, "甲"), (2, datetime(2026, 11, 23, tzinfo=UTC))])

    def name_of(self, kind: NameKind, hall: str, code: str) -> Name:
        return Name(zh=NAMES.get(code, code), en=f"{kind} {hall} {code}")

    def _ask(self, *asked: Any) -> None:
        self.asked.append(asked)
        if not self.store_up:
            raise UnavailableError("the store does not answer", zh="存储没有应答")

    def parts(self, static: Path, halls: tuple[str, ...] = ("pl", "kt")) -> WebParts:
        return WebParts(
            halls=lambda: halls,
            zone_of=lambda _hall: "Asia/Shanghai",
            name_of=self.name_of,
            figures=self.read_figures,
            alerts=self.read_alerts,
            explain=self.explain,
            command=self.command,
            accept=self.accept,
            mark=self.mark,
            dead=self.dead,
            sql=self.sql,
            apply_hall=self.apply_hall,
            publish_ranking=self.publish_ranking,
            settle=self.settle,
            metrics=lambda: b"hallwatch_store_up 1.0\n",
            now_ms=lambda: self.now_ms,
            speed=lambda: 1.0,
            status=self.status,
            marks=lambda: {"versions": [[5, "v1"]]},
            stop=self.stop,
            token=self.token,
            static=static,
        )


@pytest.fixture
def stack() -> Stack:
    return Stack()


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "wall-1.js").write_text("1")
    (tmp_path / "wall.html").write_text("<title>wall</title>")
    (tmp_path / "index.html").write_text("<title>start</title>")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return tmp_path


@pytest.fixture
def client(stack: Stack, static: Path) -> Iterator[TestClient[Litestar]]:
    app = make_app(stack.parts(static), StreamSettings(read_every_seconds=0.01, beat_seconds=0.02))
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def allowed() -> dict[str, str]:
    """The heading that a writing route asks for."""
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def served() -> Iterator[Callable[[WebParts], str]]:
    """Serves an application on a free port of loopback, in a thread, and ends it with its streams."""
    servers: list[tuple[uvicorn.Server, threading.Thread, asyncio.Event]] = []

    def serve(parts: WebParts) -> str:
        app = make_app(parts, StreamSettings(read_every_seconds=0.2, beat_seconds=1.0))
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        thread = threading.Thread(target=server.run)
        thread.start()
        servers.append((server, thread, parts.stop))
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    yield serve
    for server, thread, stop in servers:
        # Only read by the streams, each time they wake; setting it from here is enough to end them.
        stop.set()
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


@dataclass
class Browser:
    """A page, what it complained about, and what it asked other machines for."""

    page: Any
    errors: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Ends with its module: while it is open the driver's own event loop runs in this thread."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright; make browser brings it")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    if not (STATIC / "wall.html").is_file():
        pytest.skip("the front end is not built")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Browser]:
    """A page far from the hall: another language and another time zone than the hall's."""
    page = chromium.new_page(viewport={"width": 1920, "height": 1080}, locale="de-DE", timezone_id="America/New_York")
    page.set_default_timeout(60_000)
    made = Browser(page)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    page.on("request", lambda request: None if "//127.0.0.1:" in request.url else made.abroad.append(request.url))
    yield made
    page.close()
    assert made.errors == []
    assert made.abroad == []
