"""Sending, with channels that are driven by hand."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple

import pytest

from alerting.channel import OpenChannel, Verdict
from alerting.sending import Sender
from streams.contracts.codec import encode
from streams.contracts.errors import UnavailableError
from streams.contracts.mark import MARK_KEY
from streams.contracts.push import Push, PushReceipt

MakePush = Callable[..., Push]
NOW_MS = 1_795_406_400_000


class Record(NamedTuple):
    key: bytes | None
    value: bytes | None


class Hand:
    """A channel that answers when its gate is open, and keeps what it was given."""

    def __init__(self, verdict: Verdict = Verdict("sent"), is_open: bool = True) -> None:  # noqa: B008
        self.verdict: Verdict | Exception = verdict
        self.gate = asyncio.Event()
        self.sent: list[tuple[str, int]] = []
        self.most = self.now = 0
        self.is_closed = False
        if is_open:
            self.gate.set()

    async def send(self, push: Push, now_ms: int) -> Verdict:
        assert now_ms == NOW_MS
        self.sent.append((push.push_id, push.attempt))
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.gate.wait()
        finally:
            self.now -= 1
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict

    async def close(self) -> None:
        self.is_closed = True


class Desk:
    """A sender, its channels, and the receipts it gave back."""

    def __init__(
        self, put: Callable[[PushReceipt], Awaitable[None]] | None = None, answer_seconds: float = 600, **hands: Hand
    ) -> None:
        self.receipts: list[PushReceipt] = []
        channels = {name: OpenChannel(name, hand, answer_seconds, 2) for name, hand in hands.items()}
        self.sender = Sender(channels, put or self.put, lambda: NOW_MS)
        self.done = 0

    async def put(self, receipt: PushReceipt) -> None:
        self.receipts.append(receipt)

    async def give(self, *pushes: Push) -> None:
        records = [Record(push.receiver.encode(), encode(push)) for push in pushes]
        await self.sender.write("pushes", 0, records, self.count)

    def count(self) -> None:
        self.done += 1

    async def settle(self) -> None:
        await until(self.sender.idle)

    @property
    def answers(self) -> list[tuple[str, int, str]]:
        return [(one.push_id, one.attempt, one.verdict) for one in self.receipts]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


def test_a_due_push_is_sent_and_its_receipt_given_back(make_push: MakePush) -> None:
    async def story() -> None:
        console = Hand()
        desk = Desk(console=console)
        desk.sender.go_live()
        await desk.give(make_push())
        await desk.settle()
        assert console.sent == [("p1", 1)]
        assert desk.answers == [("p1", 1, "sent")]
        assert desk.receipts[0].receiver == "pl/li"
        assert desk.done == 1
        assert desk.sender.counts == {("console", "sent"): 1}
        await desk.sender.close()
        assert console.is_closed

    run(story)


def test_a_replay_sends_only_what_is_still_due_at_its_end(make_push: MakePush) -> None:
    async def story() -> None:
        console = Hand()
        desk = Desk(console=console)
        await desk.give(make_push(push_id="a"), make_push(push_id="b"), make_push(push_id="c"))
        await desk.give(make_push(push_id="a", state="sent"), make_push(push_id="b", state="failed"))
        await asyncio.sleep(0)
        assert console.sent == []
        assert desk.sender.idle()
        await desk.give(make_push(push_id="b", attempt=2))
        desk.sender.go_live()
        await desk.settle()
        assert console.sent == [("c", 1), ("b", 2)]
        await desk.sender.close()

    run(story)


def test_a_batch_that_says_due_and_sent_sends_nothing(make_push: MakePush) -> None:
    async def story() -> None:
        console = Hand()
        desk = Desk(console=console)
        desk.sender.go_live()
        await desk.give(make_push(), make_push(state="sent"))
        await desk.settle()
        assert console.sent == []
        await desk.sender.close()

    run(story)


def test_a_slow_channel_never_blocks_another(make_push: MakePush) -> None:
    async def story() -> None:
        slow, quick = Hand(is_open=False), Hand()
        desk = Desk(slow=slow, quick=quick)
        desk.sender.go_live()
        await desk.give(*(make_push(push_id=f"s{place}", channel="slow") for place in range(5)))
        await desk.give(make_push(push_id="q", channel="quick"))
        await until(lambda: desk.receipts)
        assert desk.answers == [("q", 1, "sent")]
        assert not desk.sender.idle()
        slow.gate.set()
        await desk.settle()
        assert (len(desk.receipts), slow.most) == (6, 2)
        await desk.sender.close()

    run(story)


def test_a_push_due_again_while_it_is_being_sent_is_one_sending(make_push: MakePush) -> None:
    async def story() -> None:
        slow = Hand(is_open=False)
        desk = Desk(console=slow)
        desk.sender.go_live()
        await desk.give(make_push())
        await until(lambda: slow.sent)
        await desk.give(make_push(attempt=2))
        slow.gate.set()
        await desk.settle()
        assert slow.sent == [("p1", 1)]
        assert desk.answers == [("p1", 2, "sent")]
        await desk.sender.close()

    run(story)


@pytest.mark.parametrize("verdict", ["sent", "dead"])
def test_a_push_due_again_after_its_end_is_answered_and_not_sent(make_push: MakePush, verdict: Any) -> None:
    async def story() -> None:
        console = Hand(Verdict(verdict))
        desk = Desk(console=console)
        desk.sender.go_live()
        await desk.give(make_push())
        await desk.settle()
        await desk.give(make_push(attempt=2))
        await desk.settle()
        assert console.sent == [("p1", 1)]
        assert desk.answers == [("p1", 1, verdict), ("p1", 2, verdict)]
        await desk.sender.close()

    run(story)


def test_a_push_that_failed_is_sent_again_when_it_is_due_again(make_push: MakePush) -> None:
    async def story() -> None:
        console = Hand(Verdict("failed", "busy"))
        desk = Desk(console=console)
        desk.sender.go_live()
        await desk.give(make_push())
        await desk.settle()
        await desk.give(make_push(state="failed"), make_push(attempt=2))
        await desk.settle()
        assert console.sent == [("p1", 1), ("p1", 2)]
        assert desk.receipts[0].detail == "busy"
        await desk.sender.close()

    run(story)


def test_a_channel_that_is_off_is_said_to_be_off(make_push: MakePush) -> None:
    async def story() -> None:
        desk = Desk()
        desk.sender.go_live()
        await desk.give(make_push(channel="pager"))
        await desk.settle()
        assert desk.receipts[0].detail == "the channel pager is off"
        assert desk.answers == [("p1", 1, "dead")]
        await desk.sender.close()

    run(story)


def test_a_channel_that_hangs_or_breaks_has_failed(make_push: MakePush) -> None:
    async def story() -> None:
        broken, hung = Hand(), Hand(is_open=False)
        broken.verdict = RuntimeError("secret-address")
        desk = Desk(answer_seconds=0.5, broken=broken, hung=hung)
        desk.sender.go_live()
        await desk.give(make_push(channel="broken"), make_push(push_id="p2", channel="hung"))
        await desk.settle()
        details = {one.push_id: (one.verdict, one.detail) for one in desk.receipts}
        assert details == {
            "p1": ("failed", "the channel broke: RuntimeError"),
            "p2": ("failed", "no answer within 0.5 s"),
        }
        await desk.sender.close()

    run(story)


def test_a_receipt_waits_until_it_can_be_kept(make_push: MakePush, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerting.sending._PAUSE_SECONDS", 0.001)

    async def story() -> None:
        tries: list[PushReceipt] = []

        async def put(receipt: PushReceipt) -> None:
            tries.append(receipt)
            if len(tries) < 3:
                raise UnavailableError("the journal is full")

        console = Hand()
        desk = Desk(put, console=console)
        desk.sender.go_live()
        await desk.give(make_push())
        await desk.settle()
        assert (len(tries), len(console.sent)) == (3, 1)
        await desk.sender.close()

    run(story)


def test_a_bug_in_keeping_receipts_comes_to_light(make_push: MakePush) -> None:
    async def story() -> None:
        async def put(receipt: PushReceipt) -> None:
            raise RuntimeError("broken wiring")

        desk = Desk(put, console=Hand())
        desk.sender.go_live()
        await desk.give(make_push())
        assert desk.sender.failed is not None
        with pytest.raises(RuntimeError, match="broken wiring"):
            await asyncio.wait_for(desk.sender.failed, 60)
        await desk.sender.close()

    run(story)


def test_marks_and_what_cannot_be_read_are_passed_over(make_push: MakePush) -> None:
    async def story() -> None:
        console = Hand()
        desk = Desk(console=console)
        desk.sender.go_live()
        records = [Record(MARK_KEY, b"{}"), Record(b"k", None), Record(b"k", b"{"), Record(b"k", encode(make_push()))]
        await desk.sender.write("pushes", 0, records, desk.count)
        await desk.settle()
        assert (console.sent, desk.done) == ([("p1", 1)], 1)
        await desk.sender.close()

    run(story)


def test_going_live_twice_is_going_live_once(make_push: MakePush) -> None:
    async def story() -> None:
        slow = Hand(is_open=False)
        desk = Desk(console=slow)
        await desk.give(*(make_push(push_id=f"p{place}") for place in range(6)))
        desk.sender.go_live()
        desk.sender.go_live()
        await until(lambda: slow.now == 2)
        await asyncio.sleep(0.01)
        assert slow.now == 2, "as many at once as the channel allows"
        slow.gate.set()
        await desk.settle()
        assert len(slow.sent) == 6
        await desk.sender.close()

    run(story)


def test_closing_gives_up_what_is_on_its_way_without_a_receipt(make_push: MakePush) -> None:
    async def story() -> None:
        slow = Hand(is_open=False)
        desk = Desk(console=slow)
        desk.sender.go_live()
        await desk.give(make_push())
        await until(lambda: slow.now)
        await desk.sender.close()
        assert (desk.receipts, slow.now) == ([], 0)

    run(story)
