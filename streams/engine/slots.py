"""What a subject depends on in the registry, told without decoding it."""

from typing import NamedTuple


class Slots(NamedTuple):
    """What a registry version may touch in a subject.

    `item`, `org` and `calendar` are 32-bit numbers that the process gives to what the subject depends on (a hash will
    do: two things of one number are only re-planned once too often). `last_day`: the last date it looks at.
    """

    item: int = 0
    org: int = 0
    calendar: int = 0
    last_day: int = 0


NO_SLOTS = Slots()
"""The slots of a process that tells none: every registry version touches it."""
