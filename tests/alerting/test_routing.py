import dataclasses

from alerting.routing import ROLES, Receiver, Routed, reason_text, route
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Route


def test_the_chief_representative_comes_first_on_the_channels_that_route_and_person_share(hall: HallRegistry) -> None:
    told = Receiver("pl/li", "李主任", "chief_representative", ("console", "webhook"))
    assert route("yellow", "amr", hall) == Routed((told,))


def test_a_missing_chief_representative_is_passed_over_at_once_and_the_hole_is_named(hall: HallRegistry) -> None:
    routed = route("yellow", "hr", hall)
    assert [(one.code, one.role) for one in routed.receivers] == [("pl/sun", "section_head")]
    assert routed.missing == ("chief_representative",)
    assert reason_text("opened", routed) == "opened missing:chief_representative"


def test_an_org_without_anybody_reaches_the_office_of_the_hall(hall: HallRegistry) -> None:
    routed = route("red", "bare", hall)
    assert [one.code for one in routed.receivers] == ["pl/office"]
    assert routed.missing == ("chief_representative", "section_head", "leader")


def test_an_org_that_is_not_in_the_registry_reaches_the_office_of_the_hall(hall: HallRegistry) -> None:
    assert [one.code for one in route("red", "ghost", hall).receivers] == ["pl/office"]


def test_a_level_without_a_route_reaches_nobody(hall: HallRegistry) -> None:
    assert route("notice", "amr", hall) == Routed(has_route=False)


def test_a_hall_without_people_says_which_roles_are_empty(hall: HallRegistry) -> None:
    assert route("red", "amr", dataclasses.replace(hall, people=())) == Routed(missing=ROLES)


def test_a_role_of_the_halls_own_is_tried_before_the_ladder(hall: HallRegistry) -> None:
    own = dataclasses.replace(hall, routes=(Route(code="own", roles=("duty_officer",)),))
    routed = route("red", "hr", own)
    assert routed.missing == ("duty_officer", "chief_representative")
    assert [one.code for one in routed.receivers] == ["pl/sun"]


def test_the_ladder_never_goes_down(hall: HallRegistry) -> None:
    high = dataclasses.replace(hall, routes=(Route(code="high", roles=("leader",)),))
    assert [one.code for one in route("red", "amr", high).receivers] == ["pl/office"]


def test_whom_the_route_does_not_reach_is_told_on_the_console(hall: HallRegistry) -> None:
    hooked = dataclasses.replace(hall, routes=(Route(code="hook", channels=("webhook",)),))
    assert route("red", "hr", hooked).receivers[0].channels == ("console",)


def test_a_reason_without_a_hole_is_one_word() -> None:
    assert reason_text("raised", Routed()) == "raised"
