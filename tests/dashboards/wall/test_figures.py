import msgspec
from hypothesis import given
from hypothesis import strategies as st

from dashboards.wall.figures import DueCase, FeedFigure, WallFigures
from streams.contracts.finding import LEVELS


@given(
    counts=st.lists(st.integers(0, 10**9), min_size=5, max_size=5),
    levels=st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 10**6)),
    due_ms=st.integers(0, 2**42),
)
def test_figures_survive_being_kept_as_json(counts: list[int], levels: dict[str, int], due_ms: int) -> None:
    open_cases, accepted, finished, overdue, due_today = counts
    figures = WallFigures(
        open_cases=open_cases,
        accepted_today=accepted,
        finished_today=finished,
        overdue=overdue,
        due_today=due_today,
        levels={level: levels[level] for level in LEVELS if level in levels},
        due=(DueCase(case_no="pl/1", item="i", org="o", clock="promise", due_ms=due_ms),),
        feeds=(FeedFigure(feed="f"),),
    )
    assert msgspec.json.decode(msgspec.json.encode(figures), type=WallFigures) == figures
