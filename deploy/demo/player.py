"""Plays a simulated hall day into a stack: history at once, then the day on a fast clock."""

import asyncio
from collections.abc import Callable, Sequence

from deploy.clock import VirtualClock
from deploy.demo.hall_day import HallDay, ScriptEntry, TakenOn
from deploy.embedded.stack import Stack
from streams.contracts.alert import Acknowledge
from streams.contracts.codec import identity
from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from streams.contracts.topics import CASE_EVENTS

_BATCH = 1_000
_STEP_SECONDS = 0.2
_ALERT_SECONDS = 5.0
_ALERT = (
    "SELECT alert_id FROM alerts FINAL WHERE subject = {case_no:String} AND level = {level:String}"
    " AND state IN ('told', 'acknowledged') ORDER BY raised_at DESC, alert_id LIMIT 1"
)


class Player:
    """One play of a script; what it sends has ids that follow from the script, so playing twice does no harm."""

    def __init__(self, stack: Stack, script: HallDay, feed: str, clock: VirtualClock) -> None:
        """`feed` is the push feed that the events come through; the clock stands at or before the script's begin."""
        self._stack = stack
        self._script = script
        self._feed = feed
        self._clock = clock
        self._acknowledging: set[asyncio.Task[None]] = set()
        self.missed: list[str] = []
        """Cases whose alert was not there to be acknowledged."""

    async def history(self, resume_ms: int, progress: Callable[[int, int], None]) -> None:
        """Send what lies before the day, or before the instant that an earlier life got to."""
        until_ms = max(self._script.begins_ms, resume_ms)
        self._clock.jump(until_ms)
        past = [entry for entry in self._script.entries if entry.at_ms <= until_ms]
        for start in range(0, len(past), _BATCH):
            await self._send(past[start : start + _BATCH])
            progress(min(start + _BATCH, len(past)), len(past))
        await self._mark(until_ms)

    async def day(self, seconds: float, stopping: asyncio.Event) -> bool:
        """Play the day in about so many seconds; False when it was stopped before its end."""
        begin_ms = self._clock()
        left = [entry for entry in self._script.entries if entry.at_ms > begin_ms]
        length_ms = self._script.ends_ms - self._script.begins_ms
        self._clock.run(length_ms / 1000 / max(seconds, 0.001))
        at = 0
        while not stopping.is_set():
            now_ms = min(self._clock(), self._script.ends_ms)
            end = at
            while end < len(left) and left[end].at_ms <= now_ms:
                end += 1
            await self._send(left[at:end])
            at = end
            await self._mark(now_ms)
            if now_ms >= self._script.ends_ms:
                await asyncio.gather(*self._acknowledging)
                return True
            await asyncio.sleep(_STEP_SECONDS)
        return False

    async def alive(self, stopping: asyncio.Event) -> None:
        """Go on in real time after the day: the feed lives, nothing new happens."""
        self._clock.run(1)
        while not stopping.is_set():
            await self._mark(self._clock())
            await asyncio.sleep(1)

    async def _mark(self, now_ms: int) -> None:
        await self._stack.mark(CASE_EVENTS, HorizonMark(feed=self._feed, horizon_at=from_ms(now_ms)))

    async def _send(self, entries: Sequence[ScriptEntry]) -> None:
        rows = [(entry.event.case_no, entry.event) for entry in entries if not isinstance(entry.event, TakenOn)]
        if rows:
            await self._stack.accept(CASE_EVENTS, rows)
        for entry in entries:
            if isinstance(entry.event, TakenOn):
                task = asyncio.create_task(self._acknowledge(entry.at_ms, entry.event))
                self._acknowledging.add(task)
                task.add_done_callback(self._acknowledging.discard)

    async def _acknowledge(self, at_ms: int, taken: TakenOn) -> None:
        """Find the alert that the person means, waiting a little for it to be in the store, and take it on."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _ALERT_SECONDS
        question = {"case_no": taken.case_no, "level": taken.level}
        while not (found := (await loop.run_in_executor(None, self._stack.store.query, _ALERT, question)).rows):
            if loop.time() > end:
                self.missed.append(taken.case_no)
                return
            await asyncio.sleep(_STEP_SECONDS)
        await self._stack.command(
            Acknowledge(
                command_id=identity("demo", taken.case_no, taken.level),
                alert_id=found[0][0],
                person=taken.person,
                given_at=from_ms(at_ms),
                why=taken.why,
                expected_done_at=from_ms(taken.done_by_ms),
            )
        )
