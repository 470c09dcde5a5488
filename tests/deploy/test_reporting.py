from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from dashboards.exports.csv_file import EXPORT as CSV
from deploy.reporting import write_ranking
from deploy.wiring import collect_parts
from streams.contracts.case import Case
from streams.contracts.store import Store
from tests.dashboards.stored import empty_store, put
from tests.deploy.embedded.stacks import PINGLIANG, ZONE

MADE = datetime(2026, 12, 1, 9, tzinfo=ZONE)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    day = datetime(2026, 11, 23, 10, tzinfo=ZONE)
    with empty_store("chdb", tmp_path_factory.mktemp("chdb")) as opened:
        done = Case(
            case_no="pingliang/1", state="finished", accepted_at=day, finished_at=day, due_at=day, on_time=True,
            last_event_at=day, hall="pingliang", org="C11", item="C11-002", version=1, known_at=day,
        )  # fmt: skip
        put(opened, [done])
        yield opened


def test_one_file_in_each_format_holds_the_subjects_by_their_names(store: Store, tmp_path: Path) -> None:
    exports = collect_parts().exports
    ranking, files = write_ranking(store, PINGLIANG, "2026-11", "org", MADE, exports, tmp_path)
    assert [file.name for file in files] == [f"pingliang-org-2026-11{export.suffix}" for export in exports.values()]
    assert all(file.stat().st_size for file in files)
    (row,) = (row for row in ranking.rows if row.subject == "C11")
    org = PINGLIANG.org("C11")
    assert org is not None
    assert (row.name, row.figures["on_time_rate"]) == (org.name_zh, 1.0)


def test_in_english_what_has_an_english_name_goes_by_it(store: Store, tmp_path: Path) -> None:
    texts = []
    for language in ("zh", "en"):
        _, (file,) = write_ranking(
            store, PINGLIANG, "2026-11", "item", MADE, {"csv": CSV}, tmp_path, "en" if language == "en" else "zh"
        )
        texts.append(file.read_text(encoding="utf-8-sig"))
    item = PINGLIANG.item("C11-002")
    assert item is not None
    assert item.name_zh in texts[0]
    assert (item.name_en or item.name_zh) in texts[1]


@pytest.mark.parametrize(("period", "board"), [("2026-13", "org"), ("2026-11", "moods")])
def test_an_unknown_period_or_board_leaves_no_file(period: str, board: str, store: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=period if board == "org" else board):
        write_ranking(store, PINGLIANG, period, board, MADE, {"csv": CSV}, tmp_path)
    assert not list(tmp_path.iterdir())
