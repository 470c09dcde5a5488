from streams.processes.case.fold import CaseFold
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import dues, event, found, hall, judged, text

RECEIVED = event("Applied", "2026-03-02 10:00")
"""Due on Monday 2026-03-09 at 18:00, deemed accepted a millisecond later where that can be."""


def silent(item_type: str = "01") -> HallRegistry:
    return hall(7, 20, feeds=(Feed(name="feed", full_profile=True),), item_type=item_type)


def accepted(fold: CaseFold) -> str | None:
    return None if fold.accepted_ms is None else text(fold.accepted_ms)


def test_an_acceptance_in_time_stops_the_clock_and_nothing_is_found() -> None:
    fold = judged([RECEIVED, event("Accepted", "2026-03-04 10:00")], "2026-03-10 00:00")
    assert [clock.state() for clock in fold.runs_of("acceptance")] == ["stopped"]
    assert found(fold) == []


def test_a_refusal_in_time_stops_the_clock() -> None:
    fold = judged([RECEIVED, event("Refused", "2026-03-04 10:00")], "2026-03-20 00:00", silent())
    assert fold.state() == "refused"
    assert accepted(fold) is None


def test_a_notice_stops_the_clock_and_silence_after_the_supplement_accepts_as_of_the_supplement() -> None:
    events = [
        RECEIVED,
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-16 10:00"),
    ]
    assert accepted(judged(events[:2], "2026-04-30 00:00", silent())) is None
    assert accepted(judged(events, "2026-03-23 18:00", silent())) is None
    assert accepted(judged(events, "2026-03-24 00:00", silent())) == "03-16 10:00"


def test_only_licence_items_of_full_profile_feeds_are_accepted_by_silence() -> None:
    until = "2026-04-30 00:00"
    assert accepted(judged([RECEIVED], until, silent())) == "03-02 10:00"
    assert accepted(judged([RECEIVED], until, silent(item_type="05"))) is None
    poor = judged([RECEIVED], until, hall(item_type="01"))
    assert accepted(poor) is None
    assert found(poor)[-1] == ("yellow", "03-09 18:00")


def test_an_acceptance_dated_before_the_effect_withdraws_it_and_one_dated_after_keeps_the_receipt() -> None:
    before = judged([RECEIVED, event("Accepted", "2026-03-09 18:00")], "2026-03-12 00:00", silent())
    assert accepted(before) == "03-09 18:00"
    assert before.deemed_ms is None
    after = judged([RECEIVED, event("Accepted", "2026-03-10 09:00")], "2026-03-12 00:00", silent())
    assert accepted(after) == "03-02 10:00"
    assert dues(after)["promise"] == "03-11 18:00"


def test_a_notice_after_the_effect_only_pauses() -> None:
    events = [
        RECEIVED,
        event("CorrectionNotified", "2026-03-10 10:00"),
        event("CorrectionCompleted", "2026-03-12 10:00"),
    ]
    fold = judged(events, "2026-03-12 11:00", silent())
    assert fold.epoch == 1
    assert dues(fold)["promise"] == "03-13 18:00"


def test_private_network_departments_have_no_acceptance_clock() -> None:
    assert judged([RECEIVED], "2026-04-30 00:00", hall(private=True)).clocks == []


def test_a_receipt_outside_hours_counts_its_calendar_date() -> None:
    night = judged([event("Applied", "2026-03-02 23:30")], "2026-03-03 00:00")
    assert dues(night) == {"acceptance": "03-09 18:00"}


def test_a_notice_after_the_effect_stops_the_acceptance_clock_as_any_notice_does() -> None:
    fold = judged([RECEIVED, event("CorrectionNotified", "2026-03-10 10:00")], "2026-03-20 00:00", silent())
    clock = fold.clock("acceptance")
    assert clock is not None
    assert clock.state() == "stopped"
    (finding,) = (finding for finding in fold.findings if finding.clock == "acceptance")
    assert finding.open_span() is None
