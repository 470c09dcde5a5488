"""From findings to people and back, a kill, and the replay of what was kept: nobody is told twice, nobody is forgotten.

What a journal keeps here: findings stand for the events they come from, and receipts. A replay brings the receipts in
before the alerts have been worked out again, or after, or between.
"""

import asyncio
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert.process import AlertProcess
from alerting.channel import OpenChannel, Verdict
from alerting.delivery.process import DeliveryProcess
from alerting.sending import Sender
from streams.contracts.codec import encode
from streams.contracts.finding import Finding, FindingChange, Level
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.push import Push, PushReceipt, PushRequest
from streams.contracts.topics import PUSH_REQUESTS, PUSHES
from streams.engine.driver import Arrival, Run, Tick
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Hall, Org, Person, Route

START_MS = to_ms(datetime(2026, 3, 9, 1, tzinfo=UTC))
HALL = HallRegistry(
    hall=Hall(code="pl", name_zh="大厅", calendar="cn", hours="day", policy="two"),
    orgs=(Org(code="a", name_zh="甲局", chief_representative="li"), Org(code="b", name_zh="乙局")),
    people=(Person(code="li", name="李", org="a"), Person(code="office", name="办公室", role="hall_office")),
    routes=(Route(code="all"),),
)
REGISTRIES = {"v1": Registry("v1", {"pl": HALL})}
CHANGES: tuple[tuple[FindingChange, Level], ...] = (
    ("opened", "yellow"),
    ("moved", "yellow"),
    ("raised", "red"),
    ("withdrawn", "red"),
)


class Row(NamedTuple):
    key: bytes | None
    value: bytes | None


class Phone:
    """A channel that keeps what people were told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def send(self, push: Push, now_ms: int) -> Verdict:
        self.told.append(push.push_id)
        return Verdict("sent")

    async def close(self) -> None:
        return None


class Stack:
    """Both processes and the sender, from nothing."""

    def __init__(self, now_ms: int) -> None:
        self.alert = Run(AlertProcess(REGISTRIES, "v1"), "v1")
        self.delivery = Run(DeliveryProcess())
        self.phone = Phone()
        self.journal: list[PushReceipt] = []
        self.now_ms = now_ms
        channel = OpenChannel("console", self.phone, 5, 2)
        self.sender = Sender({"console": channel}, self.keep, lambda: self.now_ms)

    async def keep(self, receipt: PushReceipt) -> None:
        self.journal.append(receipt)

    async def find(self, finding: Finding) -> None:
        seen = len(self.alert.bodies(PUSH_REQUESTS))
        self.now_ms = to_ms(finding.known_at or finding.raised_at)
        self.alert.step(Arrival(self.now_ms, finding.finding_id, finding))
        for request in self.alert.bodies(PUSH_REQUESTS)[seen:]:
            await self.deliver(Arrival(to_ms(request.known_at), request.receiver, request))

    async def hear(self, receipt: PushReceipt) -> None:
        await self.deliver(Arrival(to_ms(receipt.answered_at), receipt.receiver, receipt))

    async def deliver(self, step: Arrival | Tick) -> None:
        seen = len(self.delivery.bodies(PUSHES))
        self.delivery.step(step)
        rows = [Row(push.receiver.encode(), encode(push)) for push in self.delivery.bodies(PUSHES)[seen:]]
        await self.sender.write(PUSHES.name, 0, rows, lambda: None)

    async def rest(self) -> None:
        """Until nothing is on its way; receipts go round."""
        heard = 0
        while heard < len(self.journal) or not self.sender.idle():
            for receipt in self.journal[heard:]:
                heard += 1
                await self.hear(receipt)
            await asyncio.sleep(0)

    def ends(self) -> dict[str, str]:
        """How each push stands in the end, the newest version winning as it does in the store."""
        pushes: Iterable[Push] = sorted(self.delivery.bodies(PUSHES), key=lambda push: push.version)
        return {push.push_id: push.state for push in pushes}


def findings(count: int) -> list[Finding]:
    made = []
    for minute, (change, level) in enumerate(CHANGES):
        for place in range(count):
            known_ms = START_MS + minute * 60_000 + place
            made.append(
                Finding(
                    finding_id=f"f{place}",
                    subject=f"pl/{place}",
                    rule="overdue",
                    state="withdrawn" if change == "withdrawn" else "open",
                    change=change,
                    level=level,
                    highest=level,
                    raised_at=from_ms(known_ms),
                    hall="pl",
                    org="ab"[place % 2],
                    version=known_ms * 1000,
                    known_at=from_ms(known_ms),
                )
            )
    return made


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.floats(0, 1), st.integers(0, 2**32))
def test_a_replay_after_a_kill_tells_only_what_has_no_receipt(count: int, kept: float, seed: int) -> None:
    async def story() -> None:
        entries = findings(count)
        first = Stack(START_MS)
        first.sender.go_live()
        for entry in entries:
            await first.find(entry)
            await first.rest()
        await first.sender.close()
        assert len(first.phone.told) == len(set(first.phone.told)) == 3 * count
        receipts = first.journal[: round(kept * len(first.journal))]

        second = Stack(first.now_ms)
        order = ["finding"] * len(entries) + ["receipt"] * len(receipts)
        random.Random(seed).shuffle(order)
        left_findings, left_receipts = iter(entries), iter(receipts)
        for kind in order:
            if kind == "finding":
                await second.find(next(left_findings))
            else:
                await second.hear(next(left_receipts))
        second.sender.go_live()
        await second.rest()
        await second.deliver(Tick(first.now_ms + 60_000))
        await second.rest()
        await second.sender.close()

        with_receipt = {receipt.push_id for receipt in receipts}
        assert set(second.phone.told) == set(first.phone.told) - with_receipt
        assert len(second.phone.told) == len(set(second.phone.told))
        assert second.ends() == first.ends()
        asked: list[PushRequest] = first.alert.bodies(PUSH_REQUESTS)
        assert second.alert.bodies(PUSH_REQUESTS) == asked

    asyncio.run(story())
