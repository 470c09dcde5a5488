"""Marks: records in every partition of an input topic that say something to all its keys."""

import msgspec

from streams.contracts.instants import Instant

OWN_KEYS = b"\x00"
"""What every key that is no subject's begins with; no subject id can."""

MARK_KEY = OWN_KEYS + b"mark"
"""The record key of every mark."""


class HorizonMark(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="mark.horizon"):
    """Up to `horizon_at` (business time) everything of `feed` is in the log before this record.

    Wakes of the feed's subjects fire up to here and no further, so firing follows the log alone.
    """

    feed: str
    horizon_at: Instant


class RegistryMark(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="mark.registry"):
    """From this record on the partition is judged by registry `version`."""

    version: str


Mark = HorizonMark | RegistryMark
"""Every kind of mark."""
