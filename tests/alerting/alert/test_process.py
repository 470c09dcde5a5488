"""Timelines of one finding's alert."""

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import pytest

from alerting.alert.process import AlertProcess
from streams.contracts.alert import Acknowledge, Alert
from streams.contracts.finding import Finding
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.push import PushRequest
from streams.contracts.topics import ALERTS, PUSH_REQUESTS
from streams.engine.driver import Arrival, Restart, Run, Step, Switch, drive
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Feed

Make = Callable[..., Finding]
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


@pytest.fixture
def tell(registries: dict[str, Registry]) -> Callable[..., Run]:
    def run(*steps: Finding | Step, registry: str = "v1") -> Run:
        script = [step if not isinstance(step, Finding) else arrival(step) for step in steps]
        done = drive(AlertProcess(registries, registry), script, registry)
        assert done.dead == []
        return done

    return run


def arrival(finding: Finding) -> Arrival:
    assert finding.known_at is not None
    return Arrival(to_ms(finding.known_at), finding.finding_id, finding)


def acknowledge(at_ms: int, command_id: str = "c1", person: str = "pl/li") -> Arrival:
    command = Acknowledge(command_id=command_id, alert_id="f1", person=person, given_at=from_ms(at_ms), why="在办")
    return Arrival(at_ms, "f1", command)


def told(run: Run) -> list[tuple[str, str, str, str]]:
    requests: Sequence[PushRequest] = run.bodies(PUSH_REQUESTS)
    return [(one.receiver, one.channel, one.reason, one.level) for one in requests]


def last(run: Run) -> Alert:
    alert: Alert = run.bodies(ALERTS)[-1]
    return alert


YELLOW = [("pl/li", "console", "opened", "yellow"), ("pl/li", "webhook", "opened", "yellow")]


def test_at_nine_a_card_opens_and_the_chief_representative_is_told_once(tell: Any, make_finding: Make) -> None:
    run = tell(make_finding())
    assert told(run) == YELLOW
    alert = last(run)
    assert (alert.alert_id, alert.state, alert.reason, alert.receivers) == ("f1", "told", "opened", ("pl/li",))
    assert alert.told_at == alert.known_at
    request = run.bodies(PUSH_REQUESTS)[0]
    assert request.title == "【黄牌】超过承诺时限"
    assert run.sent[1].key == b"pl/li"


def test_the_same_version_again_an_older_one_and_a_restart_tell_nobody(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    older = make_finding(known_ms=nine_ms + 10, level="warn")
    run = tell(make_finding(), make_finding(), older, Restart(), make_finding(), older)
    assert told(run) == YELLOW
    assert len(run.bodies(ALERTS)) == 1


def test_a_rising_level_is_told_and_a_moved_due_is_not(tell: Any, make_finding: Make, nine_ms: int) -> None:
    moved = make_finding(change="moved", known_ms=nine_ms + HOUR_MS)
    red = make_finding(change="raised", level="red", raised_ms=nine_ms + HOUR_MS, known_ms=nine_ms + 2 * HOUR_MS)
    run = tell(make_finding(), moved, red)
    assert [one.reason for one in run.bodies(ALERTS)] == ["opened", "moved", "raised"]
    assert told(run)[2:] == [("pl/li", "console", "raised", "red"), ("pl/li", "webhook", "raised", "red")]


def test_falling_and_rising_again_in_one_stretch_is_told_once(tell: Any, make_finding: Make, nine_ms: int) -> None:
    low = make_finding(change="lowered", level="warn", known_ms=nine_ms + MINUTE_MS)
    again = make_finding(change="raised", known_ms=nine_ms + 2 * MINUTE_MS)
    run = tell(make_finding(), low, again)
    assert told(run) == YELLOW
    assert [one.reason for one in run.bodies(ALERTS)] == ["opened", "lowered", "already_told"]


def test_what_ended_stands_and_opening_again_is_told(tell: Any, make_finding: Make, nine_ms: int) -> None:
    ended = make_finding(state="ended", change="ended", known_ms=nine_ms + MINUTE_MS)
    again = make_finding(change="reopened", known_ms=nine_ms + 2 * MINUTE_MS)
    run = tell(make_finding(), ended, again)
    assert [one.state for one in run.bodies(ALERTS)] == ["told", "told", "told"]
    assert told(run)[2:] == [("pl/li", "console", "reopened", "yellow"), ("pl/li", "webhook", "reopened", "yellow")]
    assert len({one.push_id for one in run.bodies(PUSH_REQUESTS)}) == 4


def test_a_withdrawal_reaches_everyone_who_was_told_once(tell: Any, make_finding: Make, nine_ms: int) -> None:
    gone = make_finding(state="withdrawn", change="withdrawn", known_ms=nine_ms + MINUTE_MS)
    repeated = make_finding(state="withdrawn", change="withdrawn", known_ms=nine_ms + 2 * MINUTE_MS)
    run = tell(make_finding(), gone, repeated)
    assert told(run)[2:] == [("pl/li", "console", "withdrawn", "yellow"), ("pl/li", "webhook", "withdrawn", "yellow")]
    assert (last(run).state, last(run).reason) == ("withdrawn", "nobody_was_told")
    assert run.bodies(PUSH_REQUESTS)[2].title.startswith("【撤回")


def test_a_withdrawal_reaches_those_who_were_told_though_somebody_else_holds_the_role_now(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    gone = make_finding(state="withdrawn", change="withdrawn", known_ms=nine_ms + HOUR_MS)
    run = tell(make_finding(), Switch(nine_ms + MINUTE_MS, "v0"), gone)
    assert [one[0] for one in told(run)[2:]] == ["pl/li", "pl/li"]


def test_a_finding_that_comes_back_after_its_withdrawal_is_told_and_withdrawn_anew(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    versions = [make_finding()]
    for minute in (1, 3):
        versions += [
            make_finding(state="withdrawn", change="withdrawn", known_ms=nine_ms + minute * MINUTE_MS),
            make_finding(change="reopened", known_ms=nine_ms + (minute + 1) * MINUTE_MS),
        ]
    run = tell(*versions)
    reasons = ["opened", "withdrawn", "reopened", "withdrawn", "reopened"]
    assert [one[2] for one in told(run) if one[1] == "console"] == reasons
    assert len({one.push_id for one in run.bodies(PUSH_REQUESTS)}) == 10


def test_old_news_is_recorded_and_told_to_nobody(tell: Any, make_finding: Make, nine_ms: int) -> None:
    run = tell(make_finding(known_ms=nine_ms + 72 * HOUR_MS + 1))
    assert told(run) == []
    assert (last(run).state, last(run).reason, last(run).told_at) == ("held", "old", None)


@pytest.mark.parametrize(("way", "reasons"), [("push", ["overtaken", "opened"]), ("file", ["opened", "raised"])])
def test_a_level_that_a_push_feed_has_passed_already_is_left_to_the_higher_one(
    hall: HallRegistry, make_finding: Make, nine_ms: int, way: Any, reasons: list[str]
) -> None:
    """Of a file that ends between the two nobody knows when the higher one will be told."""
    fed = HallRegistry(
        hall=hall.hall, orgs=hall.orgs, people=hall.people, routes=hall.routes, feeds=(Feed(name="f", way=way),)
    )
    known_ms = nine_ms + HOUR_MS
    warned = make_finding(level="warn", feed="f", known_ms=known_ms, rises_at=from_ms(nine_ms + MINUTE_MS))
    over = make_finding(change="raised", feed="f", raised_ms=nine_ms + MINUTE_MS, known_ms=known_ms + 1)
    done = drive(AlertProcess({"v1": Registry("v1", {"pl": fed})}, "v1"), [arrival(warned), arrival(over)], "v1")
    assert [one.reason for one in done.bodies(ALERTS)] == reasons


def test_a_provisional_card_is_told_when_its_calendar_is_confirmed(tell: Any, make_finding: Make, nine_ms: int) -> None:
    confirmed = make_finding(change="moved", known_ms=nine_ms + HOUR_MS)
    moved = make_finding(change="moved", known_ms=nine_ms + 2 * HOUR_MS)
    run = tell(make_finding(provisional=True), confirmed, moved, Switch(nine_ms + 3 * HOUR_MS, "v0"))
    assert [one.reason for one in run.bodies(ALERTS)] == ["provisional", "opened", "moved"]
    assert told(run) == YELLOW


def test_what_a_silent_feed_held_back_is_told_when_the_feed_is_back(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    run = tell(make_finding(tell=False), make_finding(change="moved", known_ms=nine_ms + HOUR_MS))
    assert told(run) == YELLOW


def test_what_ended_while_it_was_held_is_never_told(tell: Any, make_finding: Make, nine_ms: int) -> None:
    ended = make_finding(state="ended", change="ended", known_ms=nine_ms + MINUTE_MS)
    moved = make_finding(change="moved", known_ms=nine_ms + HOUR_MS)
    assert told(tell(make_finding(provisional=True), ended, moved)) == []


def test_an_empty_chain_of_roles_is_named_and_told_when_the_registry_has_somebody(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    run = tell(make_finding(), Switch(nine_ms + HOUR_MS, "v1"), registry="v0")
    first, second = run.bodies(ALERTS)
    assert (first.state, first.reason.split()[0]) == ("held", "nobody")
    assert "missing:chief_representative,section_head" in first.reason
    assert (second.state, second.reason) == ("told", "opened")
    assert told(run) == YELLOW


def test_a_new_registry_tells_nobody_who_was_told(tell: Any, make_finding: Make, nine_ms: int) -> None:
    steps = [Switch(nine_ms + MINUTE_MS, "v0"), Switch(nine_ms + HOUR_MS, "v1")]
    assert told(tell(make_finding(), *steps)) == YELLOW


def test_a_subject_of_a_hall_that_is_unknown_is_held(tell: Any, make_finding: Make) -> None:
    run = tell(make_finding(subject="elsewhere/1"))
    assert (last(run).state, last(run).reason) == ("held", "no_route")


def test_an_acknowledgement_shows_who_took_it_on(tell: Any, make_finding: Make, nine_ms: int) -> None:
    run = tell(make_finding(), acknowledge(nine_ms + MINUTE_MS), acknowledge(nine_ms + 2 * MINUTE_MS))
    assert [one.state for one in run.bodies(ALERTS)] == ["told", "acknowledged"]
    assert (last(run).acknowledged_by, last(run).acknowledged_at) == ("pl/li", from_ms(nine_ms + MINUTE_MS))
    assert told(run) == YELLOW


def test_what_is_acknowledged_stays_so_when_the_due_moves_and_not_when_the_level_rises(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    moved = make_finding(change="moved", known_ms=nine_ms + 2 * MINUTE_MS)
    red = make_finding(change="raised", level="red", known_ms=nine_ms + 3 * MINUTE_MS)
    run = tell(make_finding(), acknowledge(nine_ms + MINUTE_MS), moved, red)
    assert [one.state for one in run.bodies(ALERTS)] == ["told", "acknowledged", "acknowledged", "told"]
    assert last(run).acknowledged_by == ""


def test_a_withdrawn_alert_can_no_longer_be_acknowledged(tell: Any, make_finding: Make, nine_ms: int) -> None:
    gone = make_finding(state="withdrawn", change="withdrawn", known_ms=nine_ms + MINUTE_MS)
    run = tell(make_finding(), gone, acknowledge(nine_ms + 2 * MINUTE_MS))
    assert [one.state for one in run.bodies(ALERTS)] == ["told", "withdrawn"]


def test_wherever_the_acknowledgements_come_between_the_versions_the_alert_ends_the_same(
    tell: Any, make_finding: Make, nine_ms: int
) -> None:
    """Commands and findings are ordered each among themselves, not among each other, when a journal is replayed."""
    red = make_finding(change="raised", level="red", known_ms=nine_ms + 2 * MINUTE_MS)
    findings = [arrival(make_finding()), arrival(red)]
    commands = [acknowledge(nine_ms + MINUTE_MS), acknowledge(nine_ms + 3 * MINUTE_MS, "c2", "pl/sun")]
    ends = set()
    for order in set(permutations("ffcc")):
        left = {"f": iter(findings), "c": iter(commands)}
        run = tell(*[next(left[kind]) for kind in order])
        end = last(run)
        assert [one[2] for one in told(run)] == ["opened", "opened", "raised", "raised"]
        ends.add((end.state, end.acknowledged_by, end.level, end.reason, end.told_at))
    assert ends == {("acknowledged", "pl/sun", "red", "raised", red.known_at)}


def test_a_replayed_telling_is_the_same_bytes(tell: Any, make_finding: Make, nine_ms: int) -> None:
    steps = [arrival(make_finding()), acknowledge(nine_ms + MINUTE_MS)]
    assert tell(*steps).sent == tell(steps[0], Restart(), steps[1]).sent


def test_an_alert_whose_higher_level_was_taken_back_stays_told(tell: Any, make_finding: Make, nine_ms: int) -> None:
    in_part = make_finding(level="warn", change="withdrawn", withdrawn_level="yellow", known_ms=nine_ms + MINUTE_MS)
    moved = make_finding(level="warn", change="moved", known_ms=nine_ms + HOUR_MS)
    run = tell(make_finding(), in_part, moved)
    assert [one.state for one in run.bodies(ALERTS)] == ["told", "told", "told"]
