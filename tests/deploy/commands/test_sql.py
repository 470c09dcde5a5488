import json

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from streams.contracts.errors import UnreadableError
from tests.deploy.running_hall import SQL, RunningHall, said


def test_a_running_stack_answers_as_its_idle_folder_did(hall: RunningHall) -> None:
    assert said(hall.folder, *SQL) == hall.idle[SQL]
    assert hall.idle[SQL].endswith("2 行\n")


def test_an_answer_is_written_as_table_csv_or_json(hall: RunningHall) -> None:
    query = "SELECT case_no, toDecimal32(1.5, 1) AS half, NULL AS nothing FROM cases FINAL WHERE case_no = 'boston/1'"
    table, lines, objects = (said(hall.folder, "sql", query, "--format", form) for form in ("table", "csv", "json"))
    assert "│ boston/1 │ 1.5  │         │" in table
    assert lines == "case_no,half,nothing\nboston/1,1.5,\n"
    assert json.loads(objects) == {"case_no": "boston/1", "half": 1.5, "nothing": None}


@pytest.mark.parametrize("query", ["TRUNCATE TABLE cases", "SELECT * FROM nothing_there", "SELECT 1; SELECT 2"])
def test_what_is_no_reading_statement_is_refused_and_the_query_named(query: str, hall: RunningHall) -> None:
    refused = CliRunner().invoke(app, ["sql", query, "--data", str(hall.folder)]).exception
    assert isinstance(refused, UnreadableError)
    assert refused.field == "query"
