"""Tell or hold: whether a version of a finding is told to people, and the reason either way (clocks.md 7 and 8)."""

from typing import Literal, NamedTuple

from streams.contracts.finding import Finding, Level
from streams.contracts.instants import to_ms
from streams.contracts.push import PushReason

HeldReason = Literal[
    "moved",
    "ended",
    "lowered",
    "old",
    "quiet",
    "provisional",
    "overtaken",
    "already_told",
    "nobody_was_told",
    "no_route",
    "nobody",
]
"""Why nobody is told.

moved, ended, lowered: the change is none that people are told of. old: older than the hall's push age when it became
known. quiet: the finding itself says that nobody needs to be told. provisional: rests on a calendar that is not
confirmed. overtaken: a higher level holds by now, and is told itself.
already_told: at this level and stretch. nobody_was_told: a withdrawal of what nobody heard of.
no_route: the hall tells nobody of such findings. nobody: there is a route, but nobody holds any of its roles.
"""

WAITING: frozenset[HeldReason] = frozenset({"quiet", "provisional", "overtaken", "nobody"})
"""Held for now: a later version, or a changed registry, may still have it told."""


class Decision(NamedTuple):
    """Tell for this reason, or hold for that one; exactly one of them is there."""

    tell: PushReason | None = None
    held: HeldReason | None = None


class Told(NamedTuple):
    """What has been told about one finding so far.

    `at`: the levels told, each with the number of the stretch it was told in. `stretch`: the number of the stretch
    that the version belongs to, counted from 1; opening again starts a new one. `is_heard`: somebody was told and
    has not yet heard of a withdrawal. `waiting`: why people would have been told, had it not been held for now.
    """

    at: frozenset[tuple[Level, int]] = frozenset()
    stretch: int = 1
    is_heard: bool = False
    waiting: PushReason | None = None


def decide(finding: Finding, told: Told, *, age_ms: int, age_max_ms: int, until_ms: int) -> Decision:
    """Whether this version is told.

    `age_ms` lies between `raised_at` and when it became known; `until_ms` is up to when its feed tells everything.
    """
    if finding.change == "withdrawn" or finding.state == "withdrawn":
        return Decision(tell="withdrawn") if told.is_heard else Decision(held="nobody_was_told")
    if finding.change == "ended" or finding.state == "ended":
        return Decision(held="ended")
    if finding.change == "lowered":
        return Decision(held="lowered")
    # Who was told of nothing before hears that it has come up, and not that it has risen.
    is_first = finding.change == "raised" and not told.is_heard and told.waiting is not None
    reason = told.waiting if finding.change == "moved" or is_first else finding.change
    if reason is None:
        return Decision(held="moved")
    if (finding.level, told.stretch) in told.at:
        return Decision(held="already_told")
    if age_ms > age_max_ms:
        return Decision(held="old")
    if not finding.tell:
        return Decision(held="quiet")
    if finding.provisional and finding.level in ("yellow", "red"):
        return Decision(held="provisional")
    if finding.rises_at is not None and to_ms(finding.rises_at) <= until_ms and not finding.provisional:
        return Decision(held="overtaken")
    return Decision(tell=reason)
