"""The effect that tells people: takes due pushes off their topic, hands them to channels, gives the receipts back."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from alerting.channel import OpenChannel, Verdict
from streams.contracts.codec import decode
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY
from streams.contracts.push import Push, PushReceipt
from streams.contracts.topics import PUSHES

_ANSWERED_MAX = 20_000
_PAUSE_SECONDS = 1.0
_AT_ONCE_OFF = 256
"""How many pushes to a channel that is off are answered at once: nothing is sent, their receipts share an fsync."""


class PushRecord(Protocol):
    """A record as the engine's reader hands it over."""

    @property
    def key(self) -> bytes | None:
        """The record's key."""

    @property
    def value(self) -> bytes | None:
        """The record's value."""


class Sender:
    """Sends due pushes, each channel at its own pace.

    Before `go_live` it only collects, and drops what a later record shows to be over: a replay tells nobody again.
    A push that is due again while it waits or is being sent is one sending; one that was already answered here is
    answered again without being sent.
    Positions move as soon as a push is collected: a push lost in a crash is asked for again by the delivery process,
    which waits for its receipt.
    """

    def __init__(
        self,
        channels: Mapping[str, OpenChannel],
        put_receipt: Callable[[PushReceipt], Awaitable[None]],
        now: Callable[[], int],
    ) -> None:
        """`put_receipt` returns once the receipt is safe; `now` gives epoch milliseconds."""
        self.counts: Counter[tuple[str, str]] = Counter()
        """Attempts by channel and verdict."""
        self.failed: asyncio.Future[None] | None = None
        """Ends with the error if receipts cannot be given back; there from `go_live` on."""
        self._lanes: dict[str, _Lane] = {}
        self._channels = dict(channels)
        self._put_receipt = put_receipt
        self._now = now
        self._answered: dict[str, Verdict] = {}

    async def write(self, topic: str, partition: int, records: Sequence[PushRecord], done: Callable[[], None]) -> None:
        """Take records of the topic `pushes`; a whole batch is read before anything of it is sent."""
        for record in records:
            if record.key == MARK_KEY or record.value is None:
                continue
            try:
                push: Push = decode(PUSHES, record.value)
            except UnreadableError:
                continue  # only our own process writes here; a record of a later layout is not ours to send
            lane = self._lane(push.channel)
            if push.state == "due":
                lane.put(push)
            else:
                lane.drop(push.push_id)
        for lane in self._lanes.values():
            lane.wake()
        done()

    def go_live(self) -> None:
        """Start sending, with what is still due by now."""
        if self.failed is None:
            self.failed = asyncio.get_running_loop().create_future()
            for lane in self._lanes.values():
                self._start(lane)

    def idle(self) -> bool:
        """Whether nothing is on its way. What is collected before `go_live` is not on its way."""
        return self.failed is None or not any(lane.waiting or lane.sending for lane in self._lanes.values())

    async def close(self) -> None:
        """Stop: what is being sent is given up without a receipt, and asked for again by the delivery process."""
        tasks = [task for lane in self._lanes.values() for task in lane.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for channel in self._channels.values():
            await channel.session.close()

    # ---- lanes

    def _lane(self, channel: str) -> "_Lane":
        lane = self._lanes.get(channel)
        if lane is None:
            lane = self._lanes[channel] = _Lane(channel)
            if self.failed is not None:
                self._start(lane)
        return lane

    def _start(self, lane: "_Lane") -> None:
        channel = self._channels.get(lane.channel)
        lane.tasks = [
            asyncio.create_task(self._run(lane), name=f"channel {lane.channel}")
            for _ in range(channel.at_once if channel is not None else _AT_ONCE_OFF)
        ]
        for task in lane.tasks:
            task.add_done_callback(self._ended)
        lane.wake()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and self.failed is not None and not self.failed.done():
            self.failed.set_exception(error)

    async def _run(self, lane: "_Lane") -> None:
        while True:
            push = await lane.take()
            verdict = self._answered.get(push.push_id)
            if verdict is None:
                verdict = await self._send(push)
                self.counts[push.channel, verdict.verdict] += 1
            if verdict.verdict != "failed":
                self._remember(push.push_id, verdict)
            await self._answer(push, lane.attempt_of(push), verdict)
            lane.finish(push.push_id)

    async def _send(self, push: Push) -> Verdict:
        channel = self._channels.get(push.channel)
        if channel is None:
            return Verdict("dead", f"the channel {push.channel} is off")
        try:
            return await asyncio.wait_for(channel.session.send(push, self._now()), channel.timeout_seconds)
        except TimeoutError:
            return Verdict("failed", f"no answer within {channel.timeout_seconds:g} s")
        except Exception as error:  # a broken channel must not silence the others; its name stands in the ledger
            return Verdict("failed", f"the channel broke: {type(error).__name__}")

    async def _answer(self, push: Push, attempt: int, verdict: Verdict) -> None:
        receipt = PushReceipt(
            push_id=push.push_id,
            receiver=push.receiver,
            attempt=attempt,
            verdict=verdict.verdict,
            detail=verdict.detail,
            answered_at=from_ms(self._now()),
        )
        while True:
            try:
                return await self._put_receipt(receipt)
            except UnavailableError:
                await asyncio.sleep(_PAUSE_SECONDS)

    def _remember(self, push_id: str, verdict: Verdict) -> None:
        self._answered[push_id] = verdict
        if len(self._answered) > _ANSWERED_MAX:
            del self._answered[next(iter(self._answered))]


class _Lane:
    """One channel's pushes: those that wait, in order, and those that are being sent."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.tasks: list[asyncio.Task[None]] = []
        self.waiting: dict[str, Push] = {}
        self.sending: dict[str, int] = {}
        self._takers: deque[asyncio.Future[None]] = deque()

    def put(self, push: Push) -> None:
        """Have a push wait; a later attempt of one that is being sent is the same sending."""
        if push.push_id in self.sending:
            self.sending[push.push_id] = push.attempt
        else:
            self.waiting[push.push_id] = push

    def drop(self, push_id: str) -> None:
        """A push is over, or will be due again later."""
        self.waiting.pop(push_id, None)

    def wake(self) -> None:
        """Let takers look."""
        for _ in range(min(len(self.waiting), len(self._takers))):
            taker = self._takers.popleft()
            if not taker.done():
                taker.set_result(None)

    async def take(self) -> Push:
        """The push that has waited longest; waits for one."""
        while not self.waiting:
            taker = asyncio.get_running_loop().create_future()
            self._takers.append(taker)
            await taker
        push_id = next(iter(self.waiting))
        push = self.waiting.pop(push_id)
        self.sending[push_id] = push.attempt
        return push

    def attempt_of(self, push: Push) -> int:
        """The latest attempt that this sending answers."""
        return max(push.attempt, self.sending.get(push.push_id, 0))

    def finish(self, push_id: str) -> None:
        """The receipt is safe."""
        self.sending.pop(push_id, None)
