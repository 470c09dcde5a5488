"""One fact of each kind, and records that carry them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

import msgspec

from streams.contracts.alert import Acknowledge, Alert
from streams.contracts.case import Case
from streams.contracts.case_event import Accepted, CaseEvent, Finished
from streams.contracts.clock import Clock, LedgerLine
from streams.contracts.codec import encode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.finding import Finding, Stretch
from streams.contracts.push import Push
from streams.contracts.ranking import Ranking, RankingRow

SHANGHAI = timezone(timedelta(hours=8))
START = datetime(2024, 3, 1, 9, 30, tzinfo=SHANGHAI)
STAMP_MS = 1_709_256_600_000
KNOWN = datetime.fromtimestamp(STAMP_MS / 1000, UTC)


class Kept(NamedTuple):
    """A record as a consumer gives it."""

    value: bytes | None
    key: bytes | None = b"pl/1"
    offset: int = 0
    timestamp: int = STAMP_MS


def kept(body: msgspec.Struct, offset: int = 0, timestamp: int = STAMP_MS) -> Kept:
    """The record of a fact."""
    return Kept(encode(body), offset=offset, timestamp=timestamp)


def accepted(number: int = 1, *, arrived: datetime | None = START, notice: str = "n", version: int = 0) -> Accepted:
    return Accepted(
        event_id=f"e{number}", feed="hall", case_no=f"pl/{number}", occurred_at=START, arrived_at=arrived,
        data_version=version, org="amr", site="1f", window="w3", staff="s7", item="shop", notice_no=notice,
        extra={"来源": "窗口"},
    )  # fmt: skip


def finished(number: int = 1, at: datetime = START + timedelta(days=3)) -> CaseEvent:
    return Finished(
        event_id=f"f{number}", feed="hall", case_no=f"pl/{number}", occurred_at=at, arrived_at=at, org="amr",
        result="granted",
    )  # fmt: skip


CASE = Case(
    case_no="pl/1", state="finished", case_class="promised", applied_at=START, accepted_at=START,
    finished_at=START + timedelta(days=3), result="granted", due_at=START + timedelta(days=7), on_time=True, events=2,
    last_event_at=START, registry_version="r1", hall="pl", org="amr", site="1f", window="w3", staff="s7", item="shop",
    feed="hall", version=11, known_at=KNOWN,
)  # fmt: skip
CLOCK = Clock(
    clock_id="k1", case_no="pl/1", clock="promise", state="stopped", unit="working_days", limit_amount=5,
    started_at=START, due_at=START + timedelta(days=7), stopped_at=START + timedelta(days=3), used=3, remaining=2,
    calendar_version="c1", hall="pl", org="amr", item="shop", feed="hall", version=12, known_at=KNOWN,
    ledger=(
        LedgerLine(from_at=START, to_at=START + timedelta(days=3), counted=True, amount=3, ground="counted"),
    ),
)  # fmt: skip
FINDING = Finding(
    finding_id="g1", subject="pl/1", rule="TIME-01", clock="promise", state="open", change="opened", level="yellow",
    highest="yellow", raised_at=START + timedelta(days=7), due_at=START + timedelta(days=7),
    stretches=(Stretch(level="yellow", raised_at=START),), title_zh="超过承诺时限", message_zh="超期 2 天",
    numbers={"overdue": 2, "limit": 5}, event_ids=("e1", "f1"), hall="pl", org="amr", item="shop", feed="hall",
    registry_version="r1", version=13, known_at=KNOWN,
)  # fmt: skip
ALERT = Alert(
    alert_id="a1", finding_id="g1", subject="pl/1", rule="TIME-01", state="acknowledged", level="yellow",
    reason="opened", raised_at=START, told_at=START, receivers=("wang", "li"), acknowledged_by="wang",
    acknowledged_at=START, expected_done_at=START + timedelta(days=1), title_zh="黄牌", message_zh="超期", hall="pl",
    org="amr", item="shop", version=14, known_at=KNOWN,
)  # fmt: skip
PUSH = Push(
    push_id="p1", receiver="wang", receiver_name="王", role="chief_representative", channel="console", reason="opened",
    finding_id="g1", subject="pl/1", level="yellow", title="【黄牌】", message="超期", state="sent", attempt=1,
    raised_at=START, requested_at=START, answered_at=START, hall="pl", org="amr", version=15, known_at=KNOWN,
)  # fmt: skip
COMMAND = Acknowledge(command_id="m1", alert_id="a1", person="wang", given_at=START, why="已安排")
LETTER = DeadLetter(
    letter_id="d1", place="x.csv:7", source="csv", reason="no such date", field="OPEN_DT", raw=b"\xff\x00,1948",
    traceback="", version=16, known_at=KNOWN,
)  # fmt: skip
RANKING = Ranking(
    board="org", period="2024-03", hall="pl", made_at=START, version=17, known_at=KNOWN,
    rows=(
        RankingRow(subject="amr", name="市监局", place=1, score=98.5, figures={"finished": 40, "on_time_rate": 0.985}),
        RankingRow(subject="hr", name="人社局", place=None, score=None, figures={"finished": 1, "on_time_rate": None}),
    ),
)  # fmt: skip

FACTS: dict[str, msgspec.Struct] = {
    "case_events": accepted(),
    "cases": CASE,
    "clocks": CLOCK,
    "findings": FINDING,
    "alerts": ALERT,
    "pushes": PUSH,
    "commands": COMMAND,
    "dead_letters": LETTER,
    "rankings": RANKING,
}
"""Destination to one of its facts."""
