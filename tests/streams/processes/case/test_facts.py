import msgspec

from streams.contracts.codec import encode
from streams.contracts.instants import to_ms
from streams.processes.case.case_clocks import is_late
from streams.processes.case.facts import case_fact, clock_fact, finding_fact, finding_id
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from tests.streams.processes.case.cases import RULES, event, hall, judged, text

ACCEPTED = event("Accepted", "2026-03-02 10:00", window="A01")
HALL = hall()
KNOWLEDGE = Knowledge(HALL, RULES)


def test_a_clock_tells_limit_use_rest_and_overdue_in_its_unit() -> None:
    fold = judged([ACCEPTED], "2026-03-10 12:00", HALL)
    clock = clock_fact(fold, fold.clocks[0], KNOWLEDGE, "feed")
    assert (clock.limit_amount, clock.used, clock.remaining, clock.overdue) == (7, 6, 1, 0)
    over = judged([ACCEPTED], "2026-03-13 12:00", HALL)
    late = clock_fact(over, over.clocks[0], KNOWLEDGE, "feed")
    assert (late.used, late.remaining, late.overdue) == (9, 0, 2)
    assert sum(line.amount for line in late.ledger if line.counted) == late.used


def test_the_remaining_days_are_zero_on_the_due_day() -> None:
    fold = judged([ACCEPTED], "2026-03-11 09:00", HALL)
    clock = clock_fact(fold, fold.clocks[0], KNOWLEDGE, "feed")
    assert (clock.remaining, clock.overdue) == (0, 0)


def test_the_case_says_how_it_stands_where_and_by_which_registry() -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-12 10:00", result="granted")], "2026-03-13 00:00", HALL)
    case = case_fact(fold, "feed", "7", late=is_late(fold))
    assert (case.state, case.result, case.on_time, case.events) == ("finished", "granted", False, 2)
    assert (case.hall, case.org, case.item, case.window, case.registry_version) == (
        "hall",
        "org",
        "licence",
        "A01",
        "7",
    )
    assert case.due_at is not None
    assert text(to_ms(case.due_at)) == "03-11 18:00"


def test_a_case_that_was_read_back_gives_the_same_bytes() -> None:
    """A default is left out only where the value is the same object."""
    fold = judged([event("Accepted", "2026-03-02 10:00", case_class="other")], "2026-03-03 00:00", HALL)
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(fold), type=CaseFold)
    first, second = (encode(case_fact(each, "feed", "7", late=False)) for each in (fold, again))
    assert first == second


def test_a_finding_speaks_in_plain_sentences_of_case_item_due_and_lateness() -> None:
    fold = judged([ACCEPTED], "2026-03-13 12:00", HALL)
    finding = finding_fact(fold, fold.findings[0], KNOWLEDGE, "feed", change="raised", version="7")
    assert (
        finding.message_zh
        == "办件 hall/1（许可）已超过承诺时限 7个工作日，应于 2026-03-11 18:00 前办结，已超期 2个工作日。"
        "（截至 2026-03-13 12:00）"
    )
    assert finding.message_en == (
        "Case hall/1 (licence) is over its promised limit of 7 working days; "
        "it was due by 2026-03-11 18:00, 2 working days late. (as of 2026-03-13 12:00)"
    )
    assert finding.numbers == {"limit": 7, "unit": "working_days", "used": 9, "over": 2, "over_unit": "working_days"}
    assert (finding.tell, finding.rule, finding.clock, finding.registry_version) == (True, "TIME-01", "promise", "7")
    assert finding.event_ids == ("Accepted@2026-03-02 10:00",)


def test_only_what_opens_rises_or_opens_again_is_told_and_withdrawals_are() -> None:
    fold = judged([ACCEPTED], "2026-03-13 12:00", HALL)
    told = {
        change: finding_fact(fold, fold.findings[0], KNOWLEDGE, "feed", change=change, version="").tell
        for change in ("opened", "raised", "lowered", "moved", "reopened", "withdrawn")
    }
    assert [change for change, tell in told.items() if tell] == ["opened", "raised", "reopened", "withdrawn"]


def test_levels_that_a_finished_case_never_showed_while_open_are_recorded_and_not_told() -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-13 10:00")], "2026-03-14 00:00", HALL)
    finding = finding_fact(fold, fold.findings[0], KNOWLEDGE, "feed", change="opened", version="")
    assert (finding.state, finding.highest, finding.tell) == ("ended", "yellow", False)


def test_one_finding_spans_both_limits_of_an_epoch_and_each_epoch_has_its_own() -> None:
    yellow, red = (judged([ACCEPTED], until, HALL).findings[0] for until in ("2026-03-12 00:00", "2026-03-20 00:00"))
    assert (yellow.rule, red.rule) == ("TIME-01", "TIME-02")
    assert finding_id("hall/1", yellow) == finding_id("hall/1", red)
    red.epoch = 2
    assert finding_id("hall/1", yellow) != finding_id("hall/1", red)


def test_how_late_a_case_was_needs_no_date_once_it_has_ended() -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-13 12:00")], "2026-03-20 12:00", HALL)
    finding = finding_fact(fold, fold.findings[0], KNOWLEDGE, "feed", change="ended", version="7")
    assert finding.message_zh.endswith("已超期 2个工作日。（已于 2026-03-13 12:00 结束）")


def test_an_item_outside_the_register_is_called_that() -> None:
    fold = judged([event("Accepted", "2026-03-02 10:00", item="ZZZ")], "2026-03-02 12:00", HALL)
    finding = finding_fact(fold, fold.findings[0], KNOWLEDGE, "feed", change="opened", version="7")
    assert "（台账外事项ZZZ）" in finding.message_zh
    assert "(unregistered item ZZZ)" in finding.message_en
