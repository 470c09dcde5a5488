from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.clock import LedgerLine
from streams.contracts.instants import to_ms
from streams.limits.clock_run import Extension, Skip, Void
from streams.limits.ledger import ledger_of, used_in
from streams.limits.reckoning import due_of, used_until
from tests.streams.limits.test_reckoning import CHINA, POLICY, UNITS, ms, run


def shown(lines: tuple[LedgerLine, ...]) -> list[tuple[str, int]]:
    return [(line.ground, line.amount) for line in lines]


def test_the_ledger_tells_start_stretches_and_stop_with_their_amounts() -> None:
    skip = Skip(ms("2026-03-04 10:00"), "suspension", "s", ms("2026-03-06 10:00"))
    clock = run("working_days", 5, "2026-03-02 10:00", skip)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    clock.stopped_ms, clock.stop_event, clock.ended = ms("2026-03-12 10:00"), "f", "stopped"
    lines = ledger_of(CHINA, clock, ms("2026-04-01 10:00"), POLICY)
    assert shown(lines) == [
        ("start", 5),
        ("counted", 2),
        ("suspension", 0),
        ("counted", 3),
        ("overdue", 1),
        ("stop", 0),
    ]
    assert used_in(lines) == 6
    assert [line.event_id for line in lines if line.event_id] == ["s", "f"]


def test_an_extension_stands_in_the_ledger_with_who_approved_it() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00")
    clock.extensions += (Extension(ms("2026-03-05 10:00"), 3, "x", "局长"),)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    extension = [line for line in ledger_of(CHINA, clock, ms("2026-03-06 10:00"), POLICY) if line.ground == "extension"]
    assert [(line.amount, line.person, line.counted) for line in extension] == [(3, "局长", False)]


def test_an_open_wait_is_told_up_to_now() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00", Skip(ms("2026-03-04 10:00"), "waiting", "n"))
    clock.due_ms = due_of(CHINA, clock, POLICY)
    lines = ledger_of(CHINA, clock, ms("2026-05-04 10:00"), POLICY)
    assert shown(lines) == [("start", 5), ("counted", 2), ("waiting", 0)]


def test_the_start_with_the_extensions_is_the_limit() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00")
    clock.extensions += (Extension(ms("2026-03-05 10:00"), 3, "x", "局长"),)
    lines = ledger_of(CHINA, clock, ms("2026-03-06 10:00"), POLICY)
    assert sum(line.amount for line in lines if not line.counted) == clock.total() == 8


def test_free_days_that_a_calendar_limit_was_moved_over_are_a_line_of_their_own() -> None:
    clock = run("calendar_days", 5, "2026-03-02 10:00")
    clock.due_ms = due_of(CHINA, clock, POLICY)
    lines = ledger_of(CHINA, clock, ms("2026-03-10 10:00"), POLICY)
    assert shown(lines) == [("start", 5), ("counted", 5), ("moved", 0), ("overdue", 1)]
    assert [line.basis for line in lines if line.ground == "moved"] == ["civil-code-203"]


def test_a_skip_inside_another_tells_its_own_stretch() -> None:
    outer = Skip(ms("2026-03-04 10:00"), "suspension", "s", ms("2026-03-10 10:00"), reason="鉴定")
    inner = Skip(ms("2026-03-05 10:00"), "waiting", "w", ms("2026-03-06 10:00"))
    clock = run("working_days", 5, "2026-03-02 10:00", outer, inner)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    (line,) = [line for line in ledger_of(CHINA, clock, ms("2026-03-11 10:00"), POLICY) if line.note]
    assert (line.ground, line.note, to_ms(line.from_at), to_ms(line.to_at)) == (
        "waiting",
        "overlap",
        inner.from_ms,
        inner.to_ms,
    )


def test_a_skip_begun_on_the_due_day_says_so() -> None:
    skip = Skip(ms("2026-03-09 10:00"), "suspension", "s", ms("2026-03-10 10:00"), whole=True)
    clock = run("working_days", 5, "2026-03-02 10:00", skip)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    assert [line.note for line in ledger_of(CHINA, clock, ms("2026-03-11 10:00"), POLICY) if line.note] == [
        "on_due_day"
    ]


@pytest.mark.parametrize(("reason", "basis"), [("鉴定", "licence-law-45"), ("领导出差", ""), ("", "")])
def test_a_suspension_stands_on_article_45_only_where_that_lists_its_ground(reason: str, basis: str) -> None:
    skip = Skip(ms("2026-03-04 10:00"), "suspension", "s", ms("2026-03-06 10:00"), reason=reason)
    clock = run("working_days", 5, "2026-03-02 10:00", skip)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    (line,) = [each for each in ledger_of(CHINA, clock, ms("2026-03-06 10:00"), POLICY) if each.ground == "suspension"]
    assert (line.basis, line.reason) == (basis, reason)


def test_a_hall_under_another_law_names_no_article() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00", Skip(ms("2026-03-04 10:00"), "waiting", "n"))
    clock.due_ms = due_of(CHINA, clock, POLICY)
    own = msgspec.structs.replace(POLICY, law="own")
    assert {line.basis for line in ledger_of(CHINA, clock, ms("2026-05-04 10:00"), own)} == {"", "policy:correction"}


def test_what_had_no_effect_is_a_line_that_says_why_and_counts_nothing() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00")
    clock.due_ms = due_of(CHINA, clock, POLICY)
    clock.voids += (Void(ms("2026-03-10 10:00"), "extension", "extension_after_due", "x", approver="局长"),)
    (line,) = [each for each in ledger_of(CHINA, clock, ms("2026-03-11 10:00"), POLICY) if each.note]
    assert (line.ground, line.amount, line.person, line.basis) == ("extension", 0, "局长", "")


HOURS = st.integers(0, 24 * 60)


@given(st.sampled_from(UNITS), st.lists(st.tuples(HOURS, HOURS), max_size=4), HOURS, st.integers(1, 30))
@settings(deadline=None)
def test_the_counted_lines_add_up_to_what_is_used_and_touch_each_other(
    unit: str, stretches: list[tuple[int, int]], until: int, amount: int
) -> None:
    clock = run(unit, amount * (60 if unit == "office_minutes" else 1), "2026-03-02 10:00")  # type: ignore[arg-type]
    for number, (begin, length) in enumerate(stretches):
        from_ms = clock.started_ms + begin * 3_600_000
        clock.skips += (Skip(from_ms, "suspension", str(number), from_ms + length * 3_600_000),)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    until_ms = clock.started_ms + until * 3_600_000
    lines = ledger_of(CHINA, clock, until_ms, POLICY)
    assert used_in(lines) == used_until(CHINA, clock, until_ms)
    told = sum((line.to_at - line.from_at for line in lines if line.note != "overlap"), timedelta())
    assert told == timedelta(hours=until)
