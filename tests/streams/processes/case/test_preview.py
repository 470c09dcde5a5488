from dataclasses import replace
from datetime import date

import msgspec
import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.topics import FINDINGS
from streams.engine.driver import Arrival, Horizon, Run, Switch
from streams.processes.case.preview import CasePreview, preview
from streams.processes.case.process import CaseProcess
from streams.processes.case.rebuilding import Rebuilding
from streams.registry.registry import HallRegistry, Registry
from tests.streams.processes.case.cases import CASE, CHINA, RULES, Past, event, hall, ms

HALL = hall(5, 20)
ACCEPTED = event("Accepted", "2018-10-15 10:00")
"""Due on Monday the 22nd at 18:00, warned of on the 18th."""


def with_days(free: dict[date, str], working: dict[date, str] | None = None) -> HallRegistry:
    return replace(HALL, calendars=(msgspec.structs.replace(CHINA, version="2", free=free, working=working or {}),))


def previewed(changed: HallRegistry, now: str, *events: CaseEvent) -> CasePreview | None:
    registries = {"old": Registry("old", {"hall": HALL}), "new": Registry("new", {"hall": changed})}
    state = Rebuilding(registries, RULES, Past([(0, "old")])).state(CASE, (ACCEPTED, *events), ms(now))
    return preview(state, registries, RULES, "new", ms(now))


def test_a_free_day_before_the_due_moves_both_clocks() -> None:
    found = previewed(with_days({date(2018, 10, 17): "停电"}), "2018-10-16 12:00")
    assert found is not None
    assert [(one.clock, one.new_due_ms - one.old_due_ms) for one in found.clocks] == [
        ("promise", ms("2018-10-23 18:00") - ms("2018-10-22 18:00")),
        ("statutory", 86_400_000),
    ]
    assert found.findings == ()


def test_a_free_day_behind_every_due_changes_nothing() -> None:
    assert previewed(with_days({date(2019, 3, 4): "停电"}), "2018-10-16 12:00") is None


def test_a_card_that_was_never_due_is_taken_back_and_the_warning_stands() -> None:
    found = previewed(with_days({date(2018, 10, 22): "停电"}), "2018-10-23 12:00")
    assert found is not None
    assert [(one.change, one.withdrawn_level, one.level) for one in found.findings] == [("withdrawn", "yellow", "warn")]


def test_a_finished_case_is_left_alone() -> None:
    finished = event("Finished", "2018-10-19 10:00")
    assert previewed(with_days({date(2018, 10, 17): "停电"}), "2018-10-20 12:00", finished) is None


def test_limits_stay_those_of_the_acceptance_whatever_the_changed_hall_says() -> None:
    shorter = replace(with_days({}), items=hall(2, 20).items)
    assert previewed(shorter, "2018-10-16 12:00") is None


@pytest.mark.parametrize("free", [date(2018, 10, 17), date(2018, 10, 18), date(2018, 10, 22), date(2018, 10, 24)])
@pytest.mark.parametrize("now", ["2018-10-16 12:00", "2018-10-18 12:00", "2018-10-23 12:00", "2018-10-24 12:00"])
def test_the_preview_is_what_the_process_publishes_when_the_version_comes_into_force(free: date, now: str) -> None:
    changed = with_days({free: "停电"})
    registries = {"old": Registry("old", {"hall": HALL}), "new": Registry("new", {"hall": changed})}
    run = Run(CaseProcess(registries, RULES, "old"), "old")
    run.step(Arrival(ms("2018-10-15 10:00"), CASE, ACCEPTED))
    run.step(Horizon(ms(now), "feed", ms(now)))
    before = len(run.bodies(FINDINGS))
    run.step(Switch(ms(now), "new"))
    published = [(one.finding_id, one.change, one.level, one.due_at, one.tell) for one in run.bodies(FINDINGS)[before:]]
    found = previewed(changed, now)
    said = [(one.finding_id, one.change, one.level, one.due_at, one.tell) for one in found.findings] if found else []
    assert said == published
