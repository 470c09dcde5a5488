"""A calendar changes: the preview says what applying does, applying repeats no telling, and it survives a restart."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from dashboards.reader import Reader
from deploy.calendar_horizon import calendar_horizons
from deploy.changed_hall import changed_hall
from deploy.clock import VirtualClock
from deploy.embedded.stack import Stack
from deploy.explaining import Grounds
from deploy.previewing import preview_hall
from streams.contracts.instants import from_ms
from streams.processes.case.preview import CasePreview
from tests.deploy.running_hall import said
from tests.flow.hand_stack import Hand, hall_with_calendar, ms, stack_on

PLACE = {"org": "C02", "item": "C02-001"}
"""Five working days are promised, twenty are the law's."""

NEAR, OVER, DONE = "pingliang/near", "pingliang/over", "pingliang/done"


async def _open_cases(hand: Hand, hall: Path) -> None:
    """By Friday the 7th one case is near its due of Monday, one is over that of Thursday, one is finished late."""
    await hand.apply("2025-10-29 09:00", hall)
    await hand.tell("2025-10-29 10:00", "Accepted", DONE, **PLACE)
    await hand.tell("2025-10-30 10:00", "Accepted", OVER, **PLACE)
    await hand.tell("2025-11-03 10:00", "Accepted", NEAR, **PLACE)
    await hand.until("2025-11-06 10:00")
    await hand.tell("2025-11-06 10:30", "Finished", DONE, **PLACE)
    await hand.until("2025-11-07 14:00")


async def _preview(stack: Stack, path: Path) -> list[CasePreview]:
    reader = Reader(stack.store)
    try:
        grounds = Grounds(stack.shelf, stack.parts.rules, stack.marks.history)
        changed = changed_hall(stack.registry.halls["pingliang"], path)
        return await preview_hall(reader, grounds, changed, stack.now(), lambda done, total: None)
    finally:
        reader.close()


def _rows(stack: Stack, sql: str) -> list[tuple[Any, ...]]:
    return stack.store.query(sql).rows


TOLD = (
    "SELECT finding_id, level, reason, count() FROM pushes FINAL WHERE reason != 'withdrawn' GROUP BY ALL ORDER BY ALL"
)
HEARD = (
    "SELECT finding_id, receiver, channel FROM pushes FINAL "
    "WHERE subject = {case:String} AND reason != 'withdrawn' GROUP BY ALL ORDER BY ALL"
)
TAKEN_BACK = (
    "SELECT finding_id, receiver, channel, count() FROM pushes FINAL "
    "WHERE reason = 'withdrawn' GROUP BY ALL ORDER BY ALL"
)
DUES = "SELECT case_no, clock, due_at FROM clocks FINAL ORDER BY ALL"


def test_applying_does_what_the_preview_says_and_repeats_no_telling(tmp_path: Path) -> None:
    hall = hall_with_calendar(tmp_path / "hall")
    data = tmp_path / "data"
    clock = VirtualClock(ms("2025-10-29 08:00"))

    async def changed() -> None:
        async with stack_on(data, clock) as stack:
            hand = Hand(stack, clock)
            await _open_cases(hand, hall)
            told, dues = _rows(stack, TOLD), _rows(stack, DUES)
            hall_with_calendar(hall, free={"2025-11-06": "停电"})
            said = await _preview(stack, hall / "calendars.yaml")
            assert _rows(stack, DUES) == dues  # a preview changes nothing
            assert [case.case_no for case in said] == [NEAR, OVER]
            moved = {
                (case.case_no, one.clock): (one.old_due_ms, one.new_due_ms) for case in said for one in case.clocks
            }
            assert moved[NEAR, "promise"] == (ms("2025-11-10 18:00"), ms("2025-11-11 18:00"))
            assert moved[OVER, "promise"] == (ms("2025-11-06 18:00"), ms("2025-11-07 18:00"))

            await hand.apply("2025-11-07 14:05", hall)
            now = {(case_no, name): due for case_no, name, due in _rows(stack, DUES)}
            was = {(case_no, name): due for case_no, name, due in dues}
            assert {key for key in was if was[key] != now[key]} == set(moved)
            assert all(now[key] == from_ms(new_ms) for key, (_, new_ms) in moved.items())
            said_findings = sorted(
                (one.finding_id, one.change, one.level, one.tell) for case in said for one in case.findings
            )
            assert said_findings == sorted(
                _rows(
                    stack,
                    "SELECT finding_id, change, level, tell FROM findings_history FINAL "
                    f"WHERE toUnixTimestamp64Milli(known_at) >= {ms('2025-11-07 14:05')}",
                )
            )
            assert [(one.change, one.level) for one in said[1].findings] == [("withdrawn", "warn")]
            assert _rows(stack, TOLD) == told
            heard = stack.store.query(HEARD, {"case": OVER}).rows
            taken_back = _rows(stack, TAKEN_BACK)
            assert heard, "the card that was taken back had been told"
            assert taken_back == [(*one, 1) for one in heard], "everybody who was told hears of it, once"
            assert await _preview(stack, hall) == []

        async with stack_on(data, clock) as stack:
            assert stack.store.query(TOLD).rows == told
            assert stack.store.query(TAKEN_BACK).rows == taken_back
            assert {(case_no, name): due for case_no, name, due in _rows(stack, DUES)} == now

    asyncio.run(changed())
    _seen_from_the_command_line(hall, data)


def _seen_from_the_command_line(hall: Path, data: Path) -> None:
    """The idle folder previews one more free day, in both languages."""
    hall_with_calendar(hall, free={"2025-11-06": "停电", "2025-11-11": "搬迁"})
    file = str(hall / "calendars.yaml")
    assert "承诺时限  2025-11-11 18:00 → 2025-11-12 18:00  +1天" in said(data, "calendar", "preview", file)
    english = said(data, "calendar", "preview", file, "--lang", "en")
    assert "promised limit  2025-11-11 18:00 → 2025-11-12 18:00  +1 d" in english


def test_a_notice_confirms_what_stood_on_estimated_days(tmp_path: Path) -> None:
    hall = hall_with_calendar(tmp_path / "hall")
    notice = tmp_path / "2027.yaml"
    free = {"2027-01-01..2027-01-03": "元旦", "2027-02-06..2027-02-12": "春节"}
    notice.write_text(yaml.safe_dump({"year": 2027, "free": free}, allow_unicode=True), encoding="utf-8")

    async def life() -> None:
        clock = VirtualClock(ms("2026-12-28 08:00"))
        async with stack_on(tmp_path / "data", clock) as stack:
            hand = Hand(stack, clock)
            await hand.apply("2026-12-28 09:00", hall)
            await hand.tell("2026-12-28 10:00", "Accepted", NEAR, **PLACE)
            await hand.until("2026-12-28 12:00")
            reader = Reader(stack.store)
            counts = await reader.provisional_clocks()
            horizon = calendar_horizons(stack.registry, counts, stack.now())[0]
            assert (horizon.open_clocks, str(horizon.known_until), horizon.alarm) == (2, "2026-12-31", True)
            said = await _preview(stack, notice)
            promise = next(one for one in said[0].clocks if one.clock == "promise")
            assert (promise.old_provisional, promise.new_provisional) == (True, False)

            run = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "deploy",
                    "calendar",
                    "import-notice",
                    str(notice),
                    "--hall",
                    str(hall),
                    "--lang",
                    "en",
                ],
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            assert "calendar china: version 2027, published up to 2027-12-31" in run.stdout, run.stderr
            await hand.apply("2026-12-28 13:00", hall)
            assert await reader.provisional_clocks() == {}
            horizon = calendar_horizons(stack.registry, {}, stack.now())[0]
            assert (str(horizon.known_until), horizon.alarm) == ("2027-12-31", False)
            reader.close()

    asyncio.run(life())
