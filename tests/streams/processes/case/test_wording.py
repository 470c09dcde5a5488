from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from deploy.shipped import HALLS
from streams.contracts.case import CaseState
from streams.contracts.case_event import LimitUnit
from streams.contracts.clock import ClockName, ClockState
from streams.contracts.finding import LEVELS
from streams.limits.ledger import BASIS, COUNTING_BASIS
from streams.processes.case import wording
from streams.processes.case.wording import amount_text, instant_text
from streams.registry.loading import load_hall
from tests.streams.processes.case.cases import ms


def test_amounts_are_told_with_their_unit() -> None:
    assert amount_text(7, "working_days", "zh") == "7个工作日"
    assert [amount_text(amount, "working_days", "en") for amount in (1, 2)] == ["1 working day", "2 working days"]


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        ("2026-03-02 18:00:00", "2026-03-02 18:00"),
        ("2026-03-02 23:59:59.999", "2026-03-02 23:59"),
        ("2026-03-02 10:15:07", "2026-03-02 10:15:07"),
    ],
)
def test_instants_are_told_to_the_minute_unless_seconds_matter(when: str, shown: str) -> None:
    assert instant_text(ms(when), ZoneInfo("Asia/Shanghai")) == shown


def test_there_are_words_for_every_unit_clock_state_ground_and_basis() -> None:
    assert set(wording.UNITS) == set(get_args(LimitUnit))
    assert set(wording.CLOCKS) == set(get_args(ClockName))
    assert set(wording.CLOCK_STATES) == set(get_args(ClockState))
    assert set(wording.CASE_STATES) == set(get_args(CaseState))
    assert set(wording.LEVEL_WORDS) == set(LEVELS)
    assert set(wording.GROUNDS) == set(BASIS)
    assert set(wording.BASES) == {basis for basis in (*BASIS.values(), *COUNTING_BASIS.values()) if basis}


def test_every_free_day_of_the_example_halls_has_a_chinese_name() -> None:
    halls = [load_hall(folder.parent) for folder in sorted(HALLS.glob("*/hall.yaml"))]
    names = {name for hall in halls for calendar in hall.calendars for name in calendar.free.values() if name}
    assert {name for name in names if name.isascii()} <= wording.DAY_NAMES.keys()
