"""Deadlines of a city against ours through the real road: what agrees, what does not, and what that costs."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.settings import real_data
from deploy.shipped import hall_folder

BOSTON = real_data() / "boston311-2015h1.csv.gz"
pytestmark = pytest.mark.skipif(not BOSTON.exists(), reason=f"the real log {BOSTON.name} is not on this machine")


def oracle(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "deploy",
        "oracle",
        "--out",
        str(folder / "deviations.txt"),
        "--lang",
        "en",
        *words,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


def first_rows(folder: Path, count: int) -> Path:
    with gzip.open(BOSTON, "rt", encoding="utf-8") as rows:
        part = folder / "part.csv"
        part.write_text("".join(line for line, _ in zip(rows, range(count + 1), strict=False)), encoding="utf-8")
    return part


def test_another_file_of_the_same_columns_is_compared_and_every_deviation_has_its_ledger(tmp_path: Path) -> None:
    part = first_rows(tmp_path, 200)
    moved = part.read_text(encoding="utf-8").splitlines()
    columns = moved[0].split(",")
    row = moved[7].split(",")
    target = columns.index("TARGET_DT")
    moved[7] = ",".join([*row[:target], "06/30/2015 12:00:00 PM", *row[target + 1 :]])
    part.write_text("\n".join(moved) + "\n", encoding="utf-8")
    run = oracle(tmp_path, "--file", str(part))
    assert run.returncode in (0, 1), run.stderr
    case_no = f"boston/{row[columns.index('CASE_ENQUIRY_ID')]}"
    found = (tmp_path / "deviations.txt").read_text(encoding="utf-8").split("\n\n")
    told = next(text for text in found if text.startswith(case_no))
    assert "theirs: 06/30/2015 12:00:00 PM" in told
    assert "promised limit" in told
    assert "Sum:" in told
    assert f"{len(found)} deviations" in run.stdout


def test_a_hall_that_works_on_a_holiday_agrees_less_and_is_refused_by_the_exit_code(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(hall_folder("boston"), folder, ignore=shutil.ignore_patterns("sources"))
    calendars = folder / "calendars.yaml"
    lines = calendars.read_text(encoding="utf-8").splitlines(keepends=True)
    calendars.write_text("".join(line for line in lines if "2015-01-19" not in line), encoding="utf-8")
    run = oracle(tmp_path, "--file", str(first_rows(tmp_path, 150)), "--hall", str(folder))
    assert run.returncode == 1, run.stdout
    assert "missed: within_2" in run.stdout


@pytest.mark.long
def test_the_whole_log_agrees_as_well_as_its_own_rule_explains_it(tmp_path: Path) -> None:
    run = oracle(tmp_path)
    assert run.returncode == 0, run.stdout
    assert "25,293 events of 13,741 cases taken in, 0 set aside" in run.stdout
