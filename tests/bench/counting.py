"""Job J: how many events each case has, and how many in each five-minute span of business time."""

import random
from collections.abc import Iterable, Iterator
from typing import Any, Self

import msgspec

from streams.contracts.topics import Topic
from streams.engine.process import Output

PARTITIONS = 4
CASES = 20_000
SPAN_MS = 300_000
BEGIN_MS = 1_760_000_000_000
STEP_MS = 5
"""Business time between two events."""

WARM = 50_000
"""Events before the clock starts: joining the group and the first polls are not what is compared."""


class Noted(msgspec.Struct, frozen=True, gc=False):
    """What job J reads of an event; the rest of its bytes is skipped by the decoder."""

    case_id: str
    ts: int


_encode = msgspec.json.Encoder().encode

NOTED = Topic("bench-noted", Noted, "case_id", "short")


class Counted(msgspec.Struct, array_like=True, gc=False):
    """All events of a case, and those of each span."""

    total: int = 0
    spans: dict[int, int] = {}


class Counting:
    """Job J as a keyed process."""

    name = "counting"
    input = NOTED
    state_type = Counted

    def at(self, registry_version: str) -> Self:
        """Needs no registry."""
        return self

    def start(self, key: str) -> Counted:
        """Nothing counted."""
        return Counted()

    def occurred_ms(self, event: Noted) -> int:
        """Business time."""
        return event.ts

    def feed(self, state: Counted) -> str:
        """No wakes, so no feed."""
        return ""

    def on_event(self, state: Counted, event: Noted, now_ms: int) -> Iterable[Output]:
        """Count."""
        span = event.ts // SPAN_MS
        state.total += 1
        state.spans[span] = state.spans.get(span, 0) + 1
        return ()

    def on_time(self, state: Counted, now_ms: int) -> Iterable[Output]:
        """Never asked for."""
        return ()

    def on_registry(self, state: Counted, now_ms: int) -> Iterable[Output]:
        """Nothing to plan."""
        return ()

    def wake_at(self, state: Counted) -> int | None:
        """Never."""
        return None


def rows(count: int, seed: int = 7) -> Iterator[tuple[bytes, bytes]]:
    """Seeded events of about 600 bytes with Chinese text, keyed by case."""
    chance = random.Random(seed)
    for number in range(count):
        yield noted(number, chance.randrange(CASES), BEGIN_MS + number * STEP_MS)


def noted(number: int, case_number: int, at_ms: int) -> tuple[bytes, bytes]:
    """One event of a case, as key and value; `at_ms` is its business time."""
    case = f"C2026-{case_number:08d}"
    return case.encode(), _encode(_event(number, case, at_ms))


def _event(number: int, case: str, at_ms: int) -> dict[str, Any]:
    return {
        "event_id": f"e{number:012d}",
        "case_id": case,
        "kind": ("applied", "accepted", "step", "handled", "reviewed", "closed", "urged", "extended")[number % 8],
        "ts": at_ms,
        "district": f"3701{number % 12:02d}",
        "org": f"D{number % 240:04d}",
        "level": number % 4,
        "staff": f"U{number % 997:05d}",
        "due": at_ms + 86_400_000,
        "title": "建筑工程施工许可证核发申请，申请人已在窗口提交全部材料并领取受理通知书",
        "address": "市政务服务中心二楼综合受理区第十二号窗口，由行政审批局负责办理和答复",
        "remark": "材料齐全，符合法定形式，按承诺时限办理；如需补正，一次性书面告知申请人",
        "tags": ["施工许可", "综合受理", "承诺件"],
        "score": 0.731,
        "lat": 35.543,
        "lon": 106.665,
        "source": "approvals",
        "version": 3,
    }
