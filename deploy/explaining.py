"""Explains a case from its events in the store: judged anew, up to where its feed is complete."""

from collections.abc import Mapping
from typing import NamedTuple

from dashboards.reader import Reader
from deploy.embedded.mark_history import MarkHistory
from streams.contracts.instants import to_ms
from streams.contracts.words import Language
from streams.processes.case.explain import Explanation, explain
from streams.processes.case.rebuilding import Rebuilding
from streams.registry.registry import Registry
from streams.rule import Rule


class Asked(NamedTuple):
    """What is asked for. Instants are epoch milliseconds.

    `at_ms`: the case as it stood then (absent: now), by all that is known. `known_ms`: by what was known then.
    """

    case_no: str
    lang: Language = "zh"
    at_ms: int | None = None
    known_ms: int | None = None


class Grounds(NamedTuple):
    """What a case is judged on: every registry version, when each came into force, how far each feed was complete."""

    registries: Mapping[str, Registry]
    rules: Mapping[str, Rule]
    history: MarkHistory


async def explain_case(reader: Reader, grounds: Grounds, asked: Asked, now_ms: int) -> Explanation | None:
    """The explanation of a case; None where there is no such case, or was none then, or none was known.

    A case is never judged beyond the horizon of its feed: what is not known to be complete condemns nobody.
    The calendars are those the case was last judged by, for a closed case not the newest (clocks.md 8); the limits are
    those in force when its acceptance arrived (clocks.md 5).
    """
    events = await reader.events_of(asked.case_no, asked.known_ms)
    own = [event for event in events if event.feed]  # without what other cases of a joint case have told it
    if not own:
        return None
    knowing_ms = now_ms if asked.known_ms is None else asked.known_ms
    horizons = grounds.history.horizons_at(knowing_ms)
    last_ms = max(to_ms(event.occurred_at) for event in own)
    horizon_ms = max(horizons.get(event.feed, last_ms) for event in own)
    until_ms = min(knowing_ms if asked.at_ms is None else asked.at_ms, horizon_ms)
    if asked.at_ms is not None and until_ms < min(to_ms(event.occurred_at) for event in own):
        return None
    state = Rebuilding(grounds.registries, grounds.rules, grounds.history).state(asked.case_no, events, knowing_ms)
    registry = grounds.registries[state.judged_by or grounds.history.version_at(knowing_ms)]
    if registry.hall_of(asked.case_no) is None:
        return None
    return explain(
        asked.case_no,
        events,
        registry,
        until_ms,
        asked.lang,
        rules=grounds.rules,
        bound=grounds.registries[state.bound_version],
        published=state,
    )
