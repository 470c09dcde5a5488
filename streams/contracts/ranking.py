"""A closed period's ranking: who stands where, by which figures."""

import msgspec

from streams.contracts.instants import Instant


class RankingRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One subject's place. Ties share a place (1, 1, 3); `place` is absent below the minimum volume."""

    subject: str
    name: str
    place: int | None
    score: float | None
    figures: dict[str, int | float | None] = {}


class Ranking(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One board over one period, e.g. board `org` over `2015-03`."""

    board: str
    period: str
    hall: str = ""
    made_at: Instant
    rows: tuple[RankingRow, ...] = ()
    version: int = 0
    known_at: Instant | None = None
