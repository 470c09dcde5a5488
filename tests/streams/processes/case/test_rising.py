from streams.contracts.instants import to_ms
from streams.processes.case.facts import finding_fact
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.rising import rises_ms
from tests.streams.processes.case.cases import RULES, event, exact, hall, judged

ACCEPTED = event("Accepted", "2026-03-02 10:00")
HALL = hall()


def rises(until: str, *more: object) -> str | None:
    fold = judged([ACCEPTED, *more], until, HALL)  # type: ignore[list-item]
    found = rises_ms(fold, fold.findings[0])
    return None if found is None else exact(found)


def test_a_warning_rises_when_the_promise_is_over_and_that_card_when_the_statutory_limit_is() -> None:
    assert rises("2026-03-10 12:00") == "2026-03-11T18:00:00.001000"
    assert rises("2026-03-12 12:00") == "2026-03-16T18:00:00.001000"
    assert rises("2026-03-17 12:00") is None


def test_what_has_ended_rises_no_more() -> None:
    assert rises("2026-03-12 12:00", event("Finished", "2026-03-12 10:00", result="granted")) is None


def test_an_extension_of_the_statutory_limit_puts_off_the_next_level() -> None:
    extended = event("Extended", "2026-03-12 09:00", days=5, approver="局长")
    assert rises("2026-03-12 12:00", extended) == "2026-03-23T18:00:00.001000"


def test_a_special_procedure_rises_by_its_own_cards() -> None:
    begun = event("Suspended", "2026-03-03 10:00", ground="鉴定", announced_days=1, special_id="s")
    fold = judged([ACCEPTED, begun], "2026-03-04 20:00", HALL)
    own = next(finding for finding in fold.findings if finding.clock == "special_procedure")
    assert exact(rises_ms(fold, own) or 0) == "2026-03-05T18:00:00.001000"


def test_a_finding_that_is_no_card_of_a_clock_stays_as_it_is_and_the_fact_says_so() -> None:
    late = event("CorrectionCompleted", "2026-03-05 10:00")
    fold = judged([ACCEPTED, late], "2026-03-10 12:00", HALL)
    facts = {
        one.rule: one.rises_at
        for one in (
            finding_fact(fold, finding, Knowledge(HALL, RULES), "feed", change="opened", version="1")
            for finding in fold.findings
        )
    }
    assert facts["PROC-02"] is None
    assert facts["TIME-01"] is not None
    assert exact(to_ms(facts["TIME-01"])) == "2026-03-11T18:00:00.001000"
