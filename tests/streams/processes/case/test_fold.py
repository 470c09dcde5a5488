import pytest

from tests.streams.processes.case.cases import event, hall, judged

ACCEPTED = event("Accepted", "2026-03-02 10:00")


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ((), "accepted"),
        ((event("Suspended", "2026-03-03 10:00"),), "suspended"),
        ((event("Suspended", "2026-03-03 10:00"), event("Resumed", "2026-03-04 10:00")), "accepted"),
        ((event("CorrectionNotified", "2026-03-03 10:00"),), "waiting"),
        ((event("Finished", "2026-03-03 10:00", result="granted"),), "finished"),
        ((event("Finished", "2026-03-03 10:00", result="returned"),), "stopped"),
        ((event("Withdrawn", "2026-03-03 10:00"),), "stopped"),
    ],
)
def test_the_state_of_a_case_is_what_its_last_events_say(more: tuple[object, ...], state: str) -> None:
    assert judged([ACCEPTED, *more], "2026-03-06 00:00").state() == state  # type: ignore[list-item]


def test_before_acceptance_a_case_is_received_or_refused() -> None:
    applied = event("Applied", "2026-03-02 10:00")
    assert judged([applied], "2026-03-03 00:00").state() == "received"
    assert judged([applied, event("Refused", "2026-03-02 11:00")], "2026-03-03 00:00").state() == "refused"


def test_the_case_is_due_by_its_promise_else_by_the_law_else_at_once() -> None:
    def leading(registry: object) -> str | None:
        clock = judged([ACCEPTED], "2026-03-03 00:00", registry).leading()  # type: ignore[arg-type]
        return clock.name if clock is not None else None

    assert leading(hall(7, 10)) == "promise"
    assert leading(hall(None, 10)) == "statutory"
    assert leading(hall(None, None)) is None
    assert leading(hall(case_class="instant")) == "instant"
