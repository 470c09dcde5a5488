from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Feed
from streams.rules.register.promise_set import RULE
from tests.streams.processes.case.cases import event, hall, judged, limit


def rules(registry: HallRegistry) -> list[str]:
    fold = judged([event("Accepted", "2018-10-15 10:00")], "2018-10-15 12:00", registry)
    return [finding.rule for finding in fold.findings]


def test_limits_in_different_units_are_not_compared() -> None:
    assert rules(hall(11, limit(10, "calendar_days"))) == []
    assert rules(hall(11, 10)) == [RULE.id]


def test_a_private_network_may_have_no_promise() -> None:
    assert rules(hall(None, 10, private=True)) == []


def test_a_case_accepted_by_silence_is_asked_about_too() -> None:
    registry = hall(None, 20, item_type="01", feeds=(Feed(name="feed", full_profile=True),))
    fold = judged([event("Applied", "2026-09-24 10:00")], "2026-10-10 00:00", registry)
    assert RULE.id in [finding.rule for finding in fold.findings]
