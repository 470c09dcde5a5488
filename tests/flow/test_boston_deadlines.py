"""Somebody else's deadlines and verdicts as an oracle: a city's requests, through the real road from file to store."""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
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


def _rows() -> Iterator[dict[str, str]]:
    with gzip.open(REQUESTS, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def test_dues_and_verdicts_agree_with_the_citys_own(tmp_path: Path) -> None:
    run = hallwatch("import", REQUESTS, folder=tmp_path)
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1] == "25,293 events of 13,741 cases taken in, 0 set aside"
    store = open_store(StoreSettings(), tmp_path / "store")
    try:
        clocks = {case_no: (due, stopped) for case_no, due, stopped in store.query(CLOCKS).rows}
    finally:
        store.close()
    assert len(clocks) == 13_741

    off: list[timedelta] = []
    agree: list[bool] = []
    for row in _rows():
        if not row["TARGET_DT"]:
            continue
        due, stopped = clocks["boston/" + row["CASE_ENQUIRY_ID"]]
        off.append(abs(due - _instant(row["TARGET_DT"])))
        if off[-1] <= timedelta(minutes=5) and row["CLOSED_DT"] and row["OnTime_Status"]:
            agree.append((stopped > due) == (row["OnTime_Status"] == "OVERDUE"))
    assert len(off) == 13_737
    assert sum(one <= timedelta(minutes=2) for one in off) >= 0.984 * len(off)
    assert sum(one <= timedelta(minutes=5) for one in off) >= 0.991 * len(off)
    assert len(agree) > 11_000
    assert all(agree)
