"""Who is told: from a finding to people, by the hall's routes and roles (design 10, PL-12)."""

from typing import NamedTuple

from streams.contracts.finding import Level
from streams.contracts.push import PushReason
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Person

ROLES = ("chief_representative", "section_head", "leader", "hall_office", "supervision")
"""首席代表, 科室负责人, 分管领导, 政务大厅办公室, 监察: who is told where the one before is missing."""

ALWAYS_ON = "console"
"""The channel that a person is told on where the route's channels do not reach them."""


class Receiver(NamedTuple):
    """Somebody who is told. `code` carries the hall: `hall/person`."""

    code: str
    name: str
    role: str
    channels: tuple[str, ...]


class Routed(NamedTuple):
    """The people to be told, and the roles that nobody holds and that were passed over on the way to them."""

    receivers: tuple[Receiver, ...] = ()
    missing: tuple[str, ...] = ()
    has_route: bool = True


def route(level: Level, org: str, hall: HallRegistry) -> Routed:
    """The holders of the first role that somebody holds.

    The roles of the route come first, then those of ROLES that stand above the last of them: a missing person never
    keeps a finding from being told.
    """
    chosen = hall.route_of(level, org)
    if chosen is None:
        return Routed(has_route=False)
    missing: list[str] = []
    for role in _with_roles_above(chosen.roles):
        people = hall.people_with_role(role, org)
        if people:
            receivers = tuple(_receiver(person, role, chosen.channels, hall) for person in people)
            return Routed(receivers, tuple(missing))
        missing.append(role)
    return Routed(missing=tuple(missing))


def reason_text(reason: PushReason | str, routed: Routed) -> str:
    """The reason as an alert carries it: a word, and the roles that nobody holds (`opened missing:section_head`)."""
    return f"{reason} missing:{','.join(routed.missing)}" if routed.missing else reason


def _with_roles_above(roles: tuple[str, ...]) -> tuple[str, ...]:
    known = [ROLES.index(role) for role in roles if role in ROLES]
    above = ROLES[max(known) + 1 :] if known else ROLES
    return (*roles, *(role for role in above if role not in roles))


def _receiver(person: Person, role: str, wanted: tuple[str, ...], hall: HallRegistry) -> Receiver:
    channels = tuple(dict.fromkeys(channel for channel in wanted if channel in person.channels))
    return Receiver(f"{hall.hall.code}/{person.code}", person.name, role, channels or (ALWAYS_ON,))
