"""Five years of real building permits through the real road: nothing is lost, and every pause and extension shows."""

import asyncio
import json
import subprocess
import sys

import pytest

from dashboards.reader import Reader
from deploy.clock import wall_now_ms
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.marks_seen import kept_marks
from deploy.explaining import Asked, Grounds, explain_case
from deploy.settings import StoreSettings, real_data
from deploy.shelf import RegistryShelf
from deploy.stores import open_store
from deploy.wiring import collect_parts
from streams.contracts.store import Store
from streams.contracts.words import Language
from streams.processes.case.explain import Explanation

PERMITS = real_data() / "BPIC15_1.xes.gz"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PERMITS.exists(), reason=f"the real log {PERMITS.name} is not on this machine"),
]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("permits"))
    command = [sys.executable, "-m", "deploy", "import", str(PERMITS), "--lang", "en", "--data", str(folder.root)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert run.stdout.splitlines()[-1] == "52,217 events of 1,199 cases taken in, 0 set aside", run.stderr
    return folder


def _store(folder: DataFolder) -> Store:
    return open_store(StoreSettings(), folder.store)


def _one(store: Store, sql: str) -> int:
    return int(store.query(sql).rows[0][0])


def test_every_event_is_stored_or_in_the_dead_letters_with_a_reason(imported: DataFolder) -> None:
    store = _store(imported)
    try:
        stored = _one(store, "SELECT uniqExact(case_no, event_id) FROM case_events")
        letters = store.query("SELECT reason FROM dead_letters FINAL").rows
        assert stored + len(letters) == 52_217
        assert all(reason for (reason,) in letters)
        assert _one(store, "SELECT count() FROM cases FINAL") == 1_199
        assert _one(store, "SELECT uniqExact(case_no) FROM case_events WHERE kind = 'case.suspended'") == 6
        assert _one(store, "SELECT uniqExact(case_no) FROM case_events WHERE kind = 'case.extended'") == 145
    finally:
        store.close()


def _explained(folder: DataFolder, kind: str, lang: Language) -> dict[str, tuple[str, Explanation]]:
    """The first event of a kind in each case that has one, and the case's explanation."""
    store = _store(folder)
    reader = Reader(store)
    grounds = Grounds(RegistryShelf(folder.registry), collect_parts().rules, kept_marks(folder).history)

    async def explain() -> dict[str, tuple[str, Explanation]]:
        rows = (
            await reader.ask(
                "SELECT case_no, argMin(event_id, occurred_at) FROM case_events FINAL WHERE kind = {kind:String} "
                "GROUP BY case_no ORDER BY case_no",
                {"kind": kind},
            )
        ).rows
        found = {}
        for case_no, event_id in rows:
            explained = await explain_case(reader, grounds, Asked(case_no, lang), wall_now_ms())
            assert explained is not None
            found[case_no] = event_id, explained
        return found

    try:
        return asyncio.run(explain())
    finally:
        reader.close()
        store.close()


def _lines_about(explained: Explanation, event_id: str) -> list[str]:
    return [line for clock in explained.clocks for line in clock.lines if event_id in line]


@pytest.mark.parametrize(
    ("lang", "skipped", "no_effect"), [("zh", "特别程序", "无效"), ("en", "special procedure", "no effect")]
)
def test_the_six_suspended_cases_show_what_was_skipped_or_why_nothing_was(
    imported: DataFolder, lang: Language, skipped: str, no_effect: str
) -> None:
    found = _explained(imported, "case.suspended", lang)
    assert len(found) == 6
    skips = 0
    for event_id, explained in found.values():
        lines = [line for line in _lines_about(explained, event_id) if skipped in line]
        assert lines, explained
        skips += any(no_effect not in line for line in lines)
    assert skips == 4  # the other two were suspended after their due


@pytest.mark.parametrize(
    ("lang", "days", "no_effect"), [("zh", "42个自然日", "无效"), ("en", "42 calendar days", "no effect")]
)
def test_the_145_extended_cases_show_six_weeks_more_or_why_there_are_none(
    imported: DataFolder, lang: Language, days: str, no_effect: str
) -> None:
    found = _explained(imported, "case.extended", lang)
    assert len(found) == 145
    extended = 0
    for event_id, explained in found.values():
        lines = _lines_about(explained, event_id)
        assert any(days in line or no_effect in line for line in lines), explained
        extended += any(days in line for line in lines)
    # Fourteen others were extended after their due, three on the day of a decision that bears no time.
    assert extended == 128


def test_the_stored_ledgers_say_the_same_and_their_sums_are_the_clocks(imported: DataFolder) -> None:
    store = _store(imported)
    try:
        rows = store.query("SELECT ledger, used, limit_amount FROM clocks FINAL WHERE clock = 'statutory'").rows
    finally:
        store.close()
    ledgers = [(json.loads(ledger), used, limit) for ledger, used, limit in rows]
    assert len(ledgers) == 1_199
    for ledger, used, limit in ledgers:
        assert sum(line["amount"] for line in ledger if line["counted"]) == used
        assert 56 + sum(line["amount"] for line in ledger if line["ground"] == "extension") == limit
    grounds = [{line["ground"] for line in ledger} for ledger, _, _ in ledgers]
    assert sum("extension" in each for each in grounds) == 145
    assert sum("suspension" in each for each in grounds) == 6
