"""Explains a case from its events in the store: judged anew, up to where its feed is complete."""

from collections.abc import Mapping

from dashboards.reader import Reader
from streams.contracts.instants import to_ms
from streams.processes.case.explain import Explanation, explain
from streams.processes.case.wording import Language
from streams.registry.registry import Registry
from streams.rule import Rule


async def explain_case(
    reader: Reader,
    registry: Registry,
    rules: Mapping[str, Rule],
    horizons: Mapping[str, int],
    case_no: str,
    lang: Language,
    at_ms: int | None,
    now_ms: int,
) -> Explanation | None:
    """The explanation of a case as of `at_ms`, by default as of now; None where there is no such case.

    A case is never judged beyond the horizon of its feed (epoch milliseconds): what is not known to be complete
    condemns nobody.
    """
    events = await reader.events_of(case_no)
    if not events:
        return None
    last_ms = max(to_ms(event.occurred_at) for event in events)
    horizon_ms = max(horizons.get(event.feed, last_ms) for event in events)
    until_ms = min(now_ms if at_ms is None else at_ms, horizon_ms)
    return explain(case_no, events, registry, until_ms, lang, rules=rules)
