import msgspec

from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import KNOWN, RANKING, START, kept


def test_a_ranking_is_kept_with_every_place_and_its_figures(module_store: Store, keep: Keep) -> None:
    keep("rankings", [kept(RANKING)])
    assert module_store.query(
        "SELECT hall, board, period, made_at, rows.subject, rows.name, rows.place, rows.score, "
        "JSONExtractInt(rows.figures, 'finished'), known_at FROM rankings FINAL ARRAY JOIN rows "
        "WHERE period = '2024-03'"
    ).rows == [
        ("pl", "org", "2024-03", START, "amr", "市监局", 1, 98.5, 40, KNOWN),
        ("pl", "org", "2024-03", START, "hr", "人社局", None, None, 1, KNOWN),
    ]


def test_a_corrected_ranking_replaces_all_places_of_the_one_before(module_store: Store, keep: Keep) -> None:
    first = msgspec.structs.replace(RANKING, period="2024-04")
    corrected = msgspec.structs.replace(first, version=18, rows=RANKING.rows[:1])
    keep("rankings", [kept(corrected), kept(first)])
    lengths = "SELECT length(rows.subject) FROM {} FINAL WHERE period = '2024-04' ORDER BY version"
    assert module_store.query(lengths.format("rankings")).rows == [(1,)]
    assert module_store.query(lengths.format("rankings_history")).rows == [(2,), (1,)]


def test_a_ranking_of_nobody_is_kept(module_store: Store, keep: Keep) -> None:
    keep("rankings", [kept(msgspec.structs.replace(RANKING, board="window", rows=()))])
    assert module_store.query("SELECT rows.subject FROM rankings FINAL WHERE board = 'window'").rows == [([],)]
