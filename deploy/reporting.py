"""Makes a ranking's files: figures out of the store, one file in each export format."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from dashboards.export import Export
from dashboards.reports.period import period_of
from dashboards.reports.ranking import rank
from dashboards.reports.ranking_sheet import ranking_sheet
from deploy.embedded.data_folder import write_safely
from streams.contracts.ranking import Ranking
from streams.contracts.store import Store
from streams.contracts.words import Language
from streams.registry.registry import HallRegistry


def write_ranking(
    store: Store,
    hall: HallRegistry,
    period: str,
    board: str,
    made_at: datetime,
    exports: Mapping[str, Export],
    folder: Path,
    language: Language = "zh",
) -> tuple[Ranking, list[Path]]:
    """Rank one hall's subjects over a period and write the files; returns the ranking and where the files are.

    Raises:
        ValueError: there is no such board or period.
        UnavailableError: the store does not answer.
    """
    names = {
        "org": {org.code: org.name_en if language == "en" and org.name_en else org.name_zh for org in hall.orgs},
        "item": {item.code: item.name_en if language == "en" and item.name_en else item.name_zh for item in hall.items},
        "staff": {person.code: person.name for person in hall.people},
    }.get(board, {})
    zone = hall.hall.zone
    ranking = rank(store, period_of(period, zone), made_at, board=board, hall=hall.hall.code, names=names)
    hall_name = hall.hall.name_en if language == "en" and hall.hall.name_en else hall.hall.name_zh
    sheet = ranking_sheet(ranking, zone, language, hall_name)
    files = []
    for export in exports.values():
        file = folder / f"{hall.hall.code}-{board}-{period}{export.suffix}"
        write_safely(file, export.write(sheet))
        files.append(file)
    return ranking, files
