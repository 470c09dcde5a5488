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
_ALERTS = (
    "SELECT subject, argMax(alert_id, raised_at) FROM alerts FINAL"
    " WHERE state IN ('told', 'acknowledged') AND subject IN {cases:Array(String)} GROUP BY subject"
)


class Player:
    """One play of a script; what it sends has ids that follow from the script, so playing twice does no harm."""

    def __init__(self, stack: Stack, script: HallDay, feed: str, clock: VirtualClock) -> None:
        """`feed` is the push feed that the events come through; the clock stands at or before the script's begin."""
        self._stack = stack
        self._script = script
        self._feed = feed
        self._clock = clock
        self._wanted: dict[tuple[str, str], ScriptEntry] = {}
        """Alerts to be taken on, by case and level."""
        self.missed: list[str] = []
        """Cases whose alert was over before anybody could take it on; happens when days pass in seconds."""

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
                await self._take_on_the_rest()
                return True
            await self._take_on()
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
                self._wanted[entry.event.case_no, entry.event.level] = entry

    async def _take_on(self) -> None:
        """Take on every alert that somebody wants to and that is in the store by now; one question for all."""
        if not self._wanted:
            return
        loop = asyncio.get_running_loop()
        cases = {"cases": sorted({case_no for case_no, _ in self._wanted})}
        found = await loop.run_in_executor(None, self._stack.store.query, _ALERTS, cases)
        ids = dict(found.rows)
        for wanted, entry in list(self._wanted.items()):
            if wanted[0] in ids:
                del self._wanted[wanted]
                await self._stack.acknowledge(_acknowledgement(entry, ids[wanted[0]]))

    async def _take_on_the_rest(self) -> None:
        """Everything is in the store, on any machine: an alert that is not there now never comes."""
        await self._stack.drained()
        await self._take_on()
        self.missed += [case_no for case_no, _ in self._wanted]
        self._wanted.clear()


def _acknowledgement(entry: ScriptEntry, alert_id: str) -> Acknowledge:
    taken = entry.event
    assert isinstance(taken, TakenOn)
    return Acknowledge(
        command_id=identity("demo", taken.case_no, taken.level),
        alert_id=alert_id,
        person=taken.person,
        given_at=from_ms(entry.at_ms),
        why=taken.why,
        expected_done_at=from_ms(taken.done_by_ms),
    )
