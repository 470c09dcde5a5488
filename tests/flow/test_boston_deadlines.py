"""Somebody else's deadlines and verdicts as an oracle: a city's requests, through the real road from file to store."""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.settings import StoreSettings
from deploy.stores import open_store
from tests.flow.end_state import hallwatch, real_log

REQUESTS = real_log("boston311-2015h1.csv.gz")
ZONE = ZoneInfo("America/New_York")
CLOCKS = (
    "SELECT case_no, due_at, stopped_at FROM clocks FINAL WHERE startsWith(case_no, 'boston/') AND clock = 'promise'"
)
pytestmark = pytest.mark.skipif(not REQUESTS.exists(), reason=f"the real log {REQUESTS.name} is not on this machine")


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        yield from csv.DictReader(rows)


def _compare(file: Path, folder: Path) -> tuple[str, list[timedelta], int]:
    """What the import said last, how far apart the deadlines are, and how many verdicts were compared; all agree."""
    run = hallwatch("import", file, "--lang", "en", folder=folder)
    assert run.returncode == 0
    store = open_store(StoreSettings(), folder / "store")
    try:
        clocks = {case_no: (due, stopped) for case_no, due, stopped in store.query(CLOCKS).rows}
    finally:
        store.close()
    off: list[timedelta] = []
    agree: list[bool] = []
    for row in _rows(file):
        if not row["TARGET_DT"]:
            continue
        due, stopped = clocks["boston/" + row["CASE_ENQUIRY_ID"]]
        off.append(abs(due - _instant(row["TARGET_DT"])))
        if off[-1] <= timedelta(minutes=5) and row["CLOSED_DT"] and row["OnTime_Status"]:
            agree.append((stopped > due) == (row["OnTime_Status"] == "OVERDUE"))
    assert all(agree)
    assert sum(one <= timedelta(minutes=2) for one in off) >= 0.984 * len(off)
    assert sum(one <= timedelta(minutes=5) for one in off) >= 0.991 * len(off)
    return run.stdout.splitlines()[-1], off, len(agree)


def test_dues_and_verdicts_of_every_ninth_case_agree_with_the_citys_own(tmp_path: Path) -> None:
    file = tmp_path / REQUESTS.name
    with gzip.open(REQUESTS, "rt", encoding="utf-8") as whole, gzip.open(file, "wt", encoding="utf-8") as part:
        part.write(next(whole))
        part.writelines(islice(whole, 0, None, 9))
    said, off, compared = _compare(file, tmp_path / "data")
    assert said.endswith(" of 1,527 cases taken in, 0 set aside")
    assert len(off) > 1_520
    assert compared > 1_100


@pytest.mark.long
def test_dues_and_verdicts_agree_with_the_citys_own(tmp_path: Path) -> None:
    said, off, compared = _compare(REQUESTS, tmp_path)
    assert said == "25,293 events of 13,741 cases taken in, 0 set aside"
    assert len(off) == 13_737
    assert compared > 11_000
