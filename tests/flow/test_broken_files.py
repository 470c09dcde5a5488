"""Files with broken pieces, and old files: what is good goes on, what is not is kept with its reason, all is told."""

import gzip
import json
from pathlib import Path

import pytest

from deploy.embedded.data_folder import DataFolder
from deploy.embedded.snapshot import read_snapshot
from tests.flow.end_state import answers, hallwatch

MAPPING = """
source: csv_mapping
matches: ["counter*.csv", "counter*.csv.gz"]
feed: boston311
hall: boston
case_no: id
times: ["%Y-%m-%d %H:%M"]
fields:
  item: {constant: Electrical}
events:
  - {kind: case.accepted, at: opened, required: true}
  - {kind: case.finished, at: closed}
"""
GOOD = """id,opened,closed
1,2015-03-02 09:00,2015-03-03 09:00
2,2015-03-02 10:00,2015-03-20 10:00
3,2015-03-02 11:00,
4,2015-03-20 11:00,
"""
"""Five working days each: 1 in time, 2 late, 3 still open and late by the end of the file, 4 open and in time."""
BAD = """id,opened,closed,colour
1,2015-03-02 09:00,2015-03-03 09:00,red
2,no time at all,,red
"unclosed,2015-03-02 09:00,,red
4,1948-03-02 11:00,,red
5,2015-03-02 09:00,2015-03-03 09:00,red
"""


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "counter.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


def test_an_old_file_condemns_nobody_after_its_end(tmp_path: Path, mappings: Path) -> None:
    file, data = tmp_path / "counter.csv", tmp_path / "data"
    file.write_text(GOOD, encoding="utf-8")
    run = hallwatch("import", file, "--lang", "en", "--mappings", mappings, folder=data)
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "6 events of 4 cases taken in, 0 set aside")
    overdue, clocks, pushes = answers(
        data,
        "SELECT subject FROM findings FINAL WHERE level = 'yellow'",
        "SELECT case_no, state FROM clocks FINAL WHERE clock = 'promise'",
        "SELECT push_id FROM pushes FINAL",
    )
    assert ["boston/2" in overdue[0], "boston/3" in overdue[1], len(overdue)] == [True, True, 2]
    assert [row for row in clocks if "boston/4" in row] == ['{"case_no": "boston/4", "state": "running"}']
    assert not pushes, "people were told of what was over years ago"


def test_broken_pieces_are_counted_kept_with_their_reasons_and_told_of(tmp_path: Path, mappings: Path) -> None:
    whole = gzip.compress(BAD.encode() + b"".join(b"%d,2015-03-02 09:00,,red\n" % n for n in range(100, 2_000)))
    file, data = tmp_path / "counter.csv.gz", tmp_path / "data"
    file.write_bytes(whole[:-200])
    run = hallwatch("import", file, "--lang", "en", "--mappings", mappings, folder=data)
    letters, events, cases = answers(
        data,
        "SELECT place, field, reason FROM dead_letters FINAL",
        "SELECT count() AS n FROM case_events FINAL",
        "SELECT count() AS n FROM cases FINAL",
    )
    taken, judged = json.loads(events[0])["n"], json.loads(cases[0])["n"]
    assert 1_000 < int(taken) < 1_904
    told = run.stdout.splitlines()
    assert run.returncode == 1
    assert told[-1] == f"{int(taken):,} events of {int(judged):,} cases taken in, 5 set aside"
    assert any("breaks off" in line for line in told)
    kept_back = [json.loads(letter) for letter in letters]
    assert all(letter["place"].startswith("counter.csv.gz, ") for letter in kept_back)
    found = {(letter["place"].partition(", ")[2], letter["field"]): letter["reason"] for letter in kept_back}
    assert found["line 1", "colour"] == "the column is not in the mapping"
    assert found["line 3", "opened"].startswith("no time in the formats")
    assert found["line 4", ""].startswith("no CSV")
    assert "1948" in found["line 5", "opened"]
    assert [place for place, _ in found if not place.startswith("line")] == ["the rest of the file"]
    assert len(found) == 5
    assert all(any(letter["reason"] in line for line in told) for letter in kept_back)
    kept = read_snapshot(DataFolder(data).snapshot)
    assert kept is not None
    assert "boston311" not in kept[0].horizons, "what the lost rest holds might acquit a case"


def test_a_file_without_a_necessary_column_is_refused_whole_and_one_broken_line_is_named(
    tmp_path: Path, mappings: Path
) -> None:
    file, data = tmp_path / "counter.csv", tmp_path / "data"
    file.write_text(GOOD.replace("opened", "begun"), encoding="utf-8")
    run = hallwatch("import", file, "--lang", "en", "--mappings", mappings, folder=data)
    assert (run.returncode, run.stdout.splitlines()) == (
        1,
        [
            "  the file is refused: opened: the column is missing, and without it no row can be used; "
            "the file has: id, begun, closed",
            "0 events of 0 cases taken in, 1 set aside",
        ],
    )
    file.write_bytes(GOOD.replace("10:00,", "10:\r00,").encode())
    run = hallwatch("import", file, "--lang", "en", "--mappings", mappings, folder=data)
    assert (run.returncode, run.stdout.splitlines()) == (
        1,
        [
            "         1 set aside: no CSV: a carriage return stands inside the line and not between quotes (line 3)",
            "4 events of 3 cases taken in, 1 set aside",
        ],
    )
    letters, cases = answers(data, "SELECT place FROM dead_letters FINAL", "SELECT case_no FROM cases FINAL")
    assert (len(letters), len(cases)) == (2, 3)
