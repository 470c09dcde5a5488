from streams.contracts.clock import ClockName
from streams.processes.case.rule_groups import Asked, RuleGroups
from tests.streams.processes.case.cases import RULES

GROUPS = RuleGroups(tuple(RULES.values()))


def asked(*clocks: ClockName, has_remarks: bool = False) -> Asked:
    return GROUPS.asked(frozenset(clocks), has_remarks=has_remarks)


def touched(of: Asked, kind: str) -> set[str]:
    return {group.name for group in of.touched(kind)}


def test_rules_of_one_ladder_are_one_group_and_the_others_stand_alone() -> None:
    groups = {group.name: [rule.id for rule in group.rules] for group in GROUPS.all}
    assert groups["handling"] == ["TIME-01", "TIME-02"]
    assert groups["TIME-05"] == ["TIME-05"]


def test_an_event_touches_only_the_groups_it_can_affect() -> None:
    of = asked("acceptance", "promise", "step")
    assert touched(of, "finished") >= {"handling", "TIME-05"}
    assert touched(of, "step_started") == {"TIME-03"}
    assert touched(of, "material") == set()


def test_rules_on_clocks_that_a_case_does_not_have_are_not_asked() -> None:
    assert "TIME-05" not in touched(asked("promise"), "finished")
    assert touched(asked("promise"), "step_started") == set()


def test_rules_that_tell_of_remarks_are_asked_only_where_there_are_some() -> None:
    assert "DATA-03" not in touched(asked(), "finished")
    assert "DATA-03" in touched(asked(has_remarks=True), "finished")


def test_time_alone_changes_the_answer_of_cards_and_waits_but_not_of_remarks() -> None:
    of = asked("promise", has_remarks=True)
    assert {group.name for group in of.timed} == {"handling", "PROC-10", "PROC-11"}
    assert len(of.next_changes) == 3


def test_the_rules_that_listen_to_a_kind_are_known_beforehand() -> None:
    assert [rule.id for rule in GROUPS.listening("step_started")] == ["TIME-03"]
    assert {"TIME-01", "PROC-07"} <= {rule.id for rule in GROUPS.listening("extended")}
    assert not GROUPS.listening("material")
