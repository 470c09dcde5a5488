"""Hands the stack's functions to the web server."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

import dashboards
from dashboards.reader import Reader, check_reads
from dashboards.wall.figures import WallFigures
from dashboards.wall.snapshot import Name, NameKind
from dashboards.web_parts import Refusal, WebParts
from deploy.calendar_horizon import calendar_horizons
from deploy.embedded.measuring import StackMeter
from deploy.embedded.stack import Stack
from deploy.explaining import Asked, Grounds, explain_case
from deploy.shipped import hall_folder
from streams.contracts.alert import Command, ConfirmWithdrawal
from streams.contracts.case_event import CaseEvent, WithdrawalConfirmed
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.mark import Mark
from streams.contracts.store import Answer
from streams.contracts.topics import BY_NAME, CASE_EVENTS, COMMANDS
from streams.contracts.words import Language
from streams.intake.live_marks import silent_feeds
from streams.intake.normalise import check_event, feeds_of
from streams.registry.loading import load_hall

_SLACK_SECONDS = 5.0
"""Real seconds that a word of a feed may be on its way; on a clock that runs fast they are many."""


class Pages:
    """What the pages may ask of a stack."""

    def __init__(self, stack: Stack, speed: Callable[[], float]) -> None:
        """Read through the stack's store; write through its doors."""
        self._stack = stack
        self._speed = speed
        self._reader = Reader(stack.store)
        self._meter = StackMeter(stack)

    def close(self) -> None:
        """Finish what was asked of the store; before the store is closed."""
        self._reader.close()

    def parts(self, stopping: asyncio.Event, token: str) -> WebParts:
        """The functions of this stack for the web server."""
        stack = self._stack
        return WebParts(
            halls=lambda: tuple(stack.registry.halls),
            zone_of=self._zone_of,
            name_of=self._name_of,
            figures=self._figures,
            alerts=self._reader.alerts,
            explain=self._explain,
            command=self._command,
            accept=self._accept,
            mark=self._mark,
            dead=self._dead,
            sql=self._sql,
            metrics=self._meter.exposition,
            now_ms=stack.now,
            speed=self._speed,
            status=self._status,
            marks=lambda: stack.marks.history,
            apply_hall=self._apply_hall,
            publish_ranking=stack.publish_ranking,
            settle=stack.drained,
            stop=stopping,
            token=token,
            static=Path(dashboards.__file__).parent / "static",
        )

    def _zone_of(self, hall: str) -> str:
        held = self._stack.registry.halls.get(hall)
        return held.hall.zone if held else "Asia/Shanghai"

    def _name_of(self, kind: NameKind, hall: str, code: str) -> Name:
        held = self._stack.registry.halls.get(hall)
        named = None
        if held:
            named = {"hall": lambda _: held.hall, "org": held.org, "item": held.item}[kind](code)
        return Name(zh=named.name_zh, en=named.name_en or named.name_zh) if named else Name(zh=code, en=code)

    async def _figures(self, hall: str) -> WallFigures:
        stack = self._stack
        feeds = stack.registry.halls[hall].feeds if hall in stack.registry.halls else ()
        horizons = {feed.name: stack.marks.horizons.get(feed.name) for feed in feeds}
        grace_ms = round(_SLACK_SECONDS * 1000 * self._speed())
        silent = silent_feeds(feeds, stack.door.heard, stack.marks.horizons, stack.now(), grace_ms)
        figures = await self._reader.figures(hall, self._zone_of(hall), stack.now(), horizons, silent)
        figures = msgspec.structs.replace(figures, behind_ms=stack.writer.behind_ms())
        self._meter.note_open_findings(figures.levels)
        return figures

    async def _explain(self, case_no: str, lang: Language, at_ms: int | None, known_ms: int | None) -> Any | None:
        stack = self._stack
        grounds = Grounds(stack.shelf, stack.parts.rules, stack.marks.history)
        return await explain_case(self._reader, grounds, Asked(case_no, lang, at_ms, known_ms), stack.now())

    async def _command(self, command: Command) -> None:
        if isinstance(command, ConfirmWithdrawal):
            await self._confirm(command)
            return
        if not await self._reader.has_alert(command.alert_id):
            raise UnreadableError(
                f"there is no alert {command.alert_id!r}", zh=f"没有督办 {command.alert_id}", field="alert_id"
            )
        await self._stack.acknowledge(command)

    async def _confirm(self, command: ConfirmWithdrawal) -> None:
        """Keep the confirmation, and tell the case that its finding is withdrawn."""
        case_no = await self._reader.proposed_withdrawal(command.alert_id)
        if case_no is None:
            zh = f"监察发现 {command.alert_id} 没有待确认的撤回"
            raise UnreadableError(f"no withdrawal of {command.alert_id!r} is proposed", zh=zh, field="alert_id")
        event = WithdrawalConfirmed(
            event_id=command.command_id,
            feed="",
            case_no=case_no,
            occurred_at=command.given_at,
            staff=command.person,
            finding_id=command.alert_id,
            why=command.why,
        )
        await self._stack.accept(COMMANDS, [(command.alert_id, command)])
        await self._stack.accept(CASE_EVENTS, [(case_no, event)])

    async def _accept(self, events: Sequence[CaseEvent]) -> Sequence[Refusal]:
        refused: list[Refusal] = []
        taken: list[tuple[str, CaseEvent]] = []
        now_ms, feeds = self._stack.now(), feeds_of(self._stack.registry)
        for index, event in enumerate(events):
            try:
                check_event(event, now_ms=now_ms, feeds=feeds)
            except UnreadableError as error:
                refused.append(Refusal(index, error.reason, error.field, error.words.zh))
            else:
                taken.append((event.case_no, event))
        await self._stack.accept(CASE_EVENTS, taken)
        return refused

    async def _mark(self, topic: str, mark: Mark) -> None:
        await self._stack.mark(BY_NAME[topic], mark)

    async def _dead(self, letters: Sequence[DeadLetter]) -> None:
        await self._stack.dead(*letters)

    async def _sql(self, query: str, parameters: Mapping[str, Any]) -> Answer:
        check_reads(query)
        return await self._reader.ask(query, parameters)

    async def _apply_hall(self, folder: str) -> str:
        return await self._stack.apply_hall(load_hall(hall_folder(folder)))

    async def _status(self) -> Mapping[str, Any]:
        stack = self._stack
        try:
            clocks = await self._reader.provisional_clocks()
        except (UnavailableError, ValueError):  # the store is away, or has no tables yet
            clocks = None
        return {
            "now_ms": stack.now(),
            "calendars": calendar_horizons(stack.registry, clocks, stack.now()),
            "live": stack.live,
            "halls": sorted(stack.registry.halls),
            "feeds": feeds_of(stack.registry),
            "registry": stack.marks.registry_version,
            "horizons_ms": stack.marks.horizons,
            "replayed": stack.replayed,
            "dead_letters": stack.dead_letters + sum(stack.door.dead_letters.values()),
            "store_up": stack.writer.stats.store_up,
            "waiting_rows": stack.writer.waiting_rows,
        }
