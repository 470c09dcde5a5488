"""What a changed hall would do to the cases that are open: read from the store, judged on a copy, nothing is kept."""

from collections.abc import Callable

from dashboards.reader import Reader, StoredCase
from deploy.explaining import Grounds, bound_version
from streams.contracts.case_event import CaseEvent
from streams.contracts.instants import to_ms
from streams.processes.case.preview import CasePreview, OpenCase, preview
from streams.registry.registry import HallRegistry
from streams.registry.versions import combine

_CASES_AT_ONCE = 500


async def preview_hall(
    reader: Reader, grounds: Grounds, hall: HallRegistry, now_ms: int, progress: Callable[[int, int], None]
) -> list[CasePreview]:
    """Every open case of a hall that its changed data would change, by case number.

    `progress` is told how many cases are done, of how many.
    """
    base = grounds.registries[grounds.history.version_at(now_ms)]
    changed = combine(base, hall)
    registries = {**grounds.registries, changed.version: changed}
    horizons = grounds.history.horizons_at(now_ms)
    stored = await reader.open_cases(hall.hall.code)
    found: list[CasePreview] = []
    for begin in range(0, len(stored), _CASES_AT_ONCE):
        part = stored[begin : begin + _CASES_AT_ONCE]
        events = await reader.events_of_open_cases(hall.hall.code, part[0].case_no, part[-1].case_no)
        for one in part:
            if one.case_no in events:
                case = _open_case(one, events[one.case_no], grounds, min(now_ms, horizons.get(one.feed, now_ms)))
                change = preview(case, registries, grounds.rules, changed.version, now_ms)
                found += [change] if change is not None else []
        progress(begin + len(part), len(stored))
    return found


def _open_case(stored: StoredCase, events: list[CaseEvent], grounds: Grounds, until_ms: int) -> OpenCase:
    """A case whose feed was never marked is known up to its own last event."""
    if stored.feed not in grounds.history.feeds:
        until_ms = max(to_ms(event.occurred_at) for event in events if event.feed)
    return OpenCase(
        case_no=stored.case_no,
        feed=stored.feed,
        events=tuple(events),
        bound_version=bound_version(events, grounds.history),
        judged_by=stored.registry_version,
        until_ms=until_ms,
    )
