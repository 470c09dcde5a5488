import re

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from streams.contracts.errors import UnreadableError
from tests.deploy.running_hall import CASE, EXPLAIN, RunningHall, said


def test_a_running_stack_explains_a_case_as_its_idle_folder_did(hall: RunningHall) -> None:
    assert said(hall.folder, *EXPLAIN) == hall.idle[EXPLAIN]
    assert hall.idle[EXPLAIN].startswith(f"{CASE}  ")
    assert "promised limit" in hall.idle[EXPLAIN]
    assert "Sum:" in hall.idle[EXPLAIN]


def test_events_are_told_by_the_beginning_of_their_ids(hall: RunningHall) -> None:
    assert re.search(r"event [0-9a-f]{8}\b", hall.idle[EXPLAIN])
    assert not re.search(r"[0-9a-f]{24}", hall.idle[EXPLAIN])


def test_chinese_is_spoken_unless_asked_otherwise(hall: RunningHall) -> None:
    chinese = said(hall.folder, "explain", CASE)
    assert "承诺时限" in chinese
    assert chinese == said(hall.folder, "explain", CASE, "--lang", "zh")


def test_as_of_an_earlier_instant_the_clock_still_ran(hall: RunningHall) -> None:
    then = said(hall.folder, *EXPLAIN, "--at", "2015-01-05T12:00:00-05:00")
    assert "as of 2015-01-05 12:00" in then
    assert then != hall.idle[EXPLAIN]


@pytest.mark.parametrize(
    ("words", "field", "reason"),
    [
        (["boston/none"], "", "boston/none"),
        ([CASE, "--at", "1948-01-05T12:00:00-05:00"], "", f"没有办件 {CASE}（截至 1948-01-05"),
        ([CASE, "--at", "2015-01-05T12:00:00"], "--at", "give an offset"),
        ([CASE, "--known-at", "yesterday"], "--known-at", "'yesterday' is no instant"),
    ],
)
def test_what_cannot_be_explained_is_named(words: list[str], field: str, reason: str, hall: RunningHall) -> None:
    refused = CliRunner().invoke(app, ["explain", *words, "--data", str(hall.folder)]).exception
    assert isinstance(refused, UnreadableError)
    assert field in refused.field
    assert reason in str(refused)
