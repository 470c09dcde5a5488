"""Places out of scores: competition ranking (1, 1, 3), as published hall rankings do (background.md B3.3)."""

from collections.abc import Sequence


def places(scores: Sequence[float | None]) -> list[int | None]:
    """The place of each score, the highest first. Equal scores share a place; who has no score has none.

    Scores are compared as they are given: round them first to what is shown, so that what looks equal is equal.
    """
    ordered = sorted((score for score in scores if score is not None), reverse=True)
    first: dict[float, int] = {}
    for position, score in enumerate(ordered, start=1):
        first.setdefault(score, position)
    return [None if score is None else first[score] for score in scores]
