"""What a changed hall would do to the cases that are open: read from the store, judged on a copy, nothing is kept."""

from collections.abc import Callable

from dashboards.reader import Reader
from deploy.explaining import Grounds
from streams.processes.case.preview import CasePreview, preview
from streams.processes.case.rebuilding import Rebuilding
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
    rebuilding = Rebuilding(registries, grounds.rules, grounds.history)
    stored = await reader.open_cases(hall.hall.code)
    found: list[CasePreview] = []
    for begin in range(0, len(stored), _CASES_AT_ONCE):
        part = stored[begin : begin + _CASES_AT_ONCE]
        events = await reader.events_of_open_cases(hall.hall.code, part[0], part[-1])
        for one in part:
            if one in events:
                state = rebuilding.state(one, events[one], now_ms)
                change = preview(state, registries, grounds.rules, changed.version, now_ms)
                found += [change] if change is not None else []
        progress(begin + len(part), len(stored))
    return found
