from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from streams.contracts.alert import Acknowledge, Alert
from streams.contracts.codec import encode
from streams.contracts.ranking import Ranking

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack

RAISED_AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def alert(number: int) -> Alert:
    return Alert(
        alert_id=f"a{number}", finding_id=f"f{number}", subject=f"pl/{number}", rule="overdue", state="told",
        level="red", raised_at=RAISED_AT, message_zh="超过法定时限",
    )  # fmt: skip


def test_the_halls_served_are_told_with_name_and_zone(client: TestClient[Litestar]) -> None:
    halls = client.get("/api/halls").json()
    assert [hall["hall"] for hall in halls] == ["pl", "kt"]
    assert halls[0]["name"]["zh"] == "平凉市政务大厅"
    assert halls[0]["zone"] == "Asia/Shanghai"


def test_alerts_are_listed_as_they_are_given_and_no_more_than_asked_for(
    client: TestClient[Litestar], stack: "Stack"
) -> None:
    stack.alerts = [alert(1), alert(2), alert(3)]
    rows = client.get("/api/alerts?hall=pl&limit=2").json()
    assert [row["alert_id"] for row in rows] == ["a1", "a2"]
    assert rows[0]["raised_at"] == "2026-11-23T03:00:00Z"
    assert rows[0]["message_zh"] == "超过法定时限"
    assert stack.asked == [("alerts", "pl", 2)]


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_limit_out_of_bounds_is_refused(client: TestClient[Litestar], limit: int) -> None:
    answer = client.get(f"/api/alerts?limit={limit}")
    assert (answer.status_code, answer.json()["field"]) == (400, "limit")


def test_a_case_is_explained_in_the_language_and_until_the_instant_asked_for(
    client: TestClient[Litestar], stack: "Stack"
) -> None:
    stack.explanation = {"case_no": "pl/2026-1", "clocks": []}
    answer = client.get("/api/cases/pl/2026-1/explain?lang=en&at=2026-11-23T12:00:00%2B08:00")
    assert (answer.status_code, answer.json()) == (200, {"case_no": "pl/2026-1", "clocks": []})
    assert stack.asked == [("explain", "pl/2026-1", "en", 1_795_406_400_000, None)]


def test_explain_is_in_chinese_and_until_now_by_default(client: TestClient[Litestar], stack: "Stack") -> None:
    stack.explanation = {}
    client.get("/api/cases/pl/%E5%8A%9E-1/explain")
    assert stack.asked == [("explain", "pl/办-1", "zh", None, None)]


def test_a_plus_sign_that_nobody_escaped_is_still_an_offset(client: TestClient[Litestar], stack: "Stack") -> None:
    stack.explanation = {}
    client.get("/api/cases/pl/1/explain?at=2026-11-23T12:00:00+08:00")
    assert stack.asked[0][3] == 1_795_406_400_000


@pytest.mark.parametrize("at", ["yesterday", "2026-11-23T12:00:00", "2026-13-01T00:00:00Z", "12"])
def test_an_instant_without_an_offset_or_meaning_is_refused(client: TestClient[Litestar], at: str) -> None:
    answer = client.get("/api/cases/pl/1/explain", params={"at": at})
    assert (answer.status_code, answer.json()["field"]) == (400, "at")


def test_an_unknown_language_is_refused(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/cases/pl/1/explain?lang=fr")
    assert (answer.status_code, answer.json()["field"]) == (400, "lang")


def test_a_case_that_does_not_exist_is_named(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/cases/pl/none/explain")
    assert (answer.status_code, answer.json()["error"]) == (404, "没有办件 pl/none")


@pytest.mark.parametrize("path", ["/api/cases/explain", "/api/cases/pl/1", "/api/cases/pl/1/other"])
def test_a_path_that_is_no_explanation_is_not_found(client: TestClient[Litestar], path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_command_is_answered_when_it_is_kept(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    body = b"""{"kind": "command.acknowledge", "command_id": "c1", "alert_id": "a1", "person": "p1",
               "given_at": "2026-11-23T12:00:00+08:00", "why": "\xe9\xa9\xac\xe4\xb8\x8a\xe5\x8a\x9e"}"""
    answer = client.post("/api/commands", content=body, headers=allowed)
    assert (answer.status_code, answer.json()) == (202, {"command_id": "c1"})
    [kept] = stack.commands
    assert isinstance(kept, Acknowledge)
    assert kept.why == "马上办"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"kind": "command.acknowledge", "command_id": 1}', "command_id"),
        (b'{"kind": "command.unknown"}', "kind"),
        (b"not json", ""),
        (b"", ""),
    ],
)
def test_a_command_that_cannot_be_read_is_refused_by_field(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str], body: bytes, field: str
) -> None:
    answer = client.post("/api/commands", content=body, headers=allowed)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert stack.commands == []


def test_a_command_that_cannot_be_kept_now_may_be_sent_again(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    stack.store_up = False
    body = b"""{"kind": "command.acknowledge", "command_id": "c1", "alert_id": "a1", "person": "p1",
               "given_at": "2026-11-23T12:00:00+08:00"}"""
    assert client.post("/api/commands", content=body, headers=allowed).status_code == 503


def test_sql_answers_as_json_and_as_csv(client: TestClient[Litestar], allowed: dict[str, str]) -> None:
    answer = client.post("/api/sql", json={"query": "SELECT 1"}, headers=allowed)
    assert answer.json() == {"columns": ["a", "b"], "rows": [[1, "甲"], [2, "2026-11-23T00:00:00Z"]]}
    answer = client.post("/api/sql", json={"query": "SELECT 1", "format": "csv"}, headers=allowed)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines() == ["a,b", "1,甲", "2,2026-11-23 00:00:00+00:00"]


def test_sql_for_programs_keeps_instants_and_takes_parameters(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    question = {"query": "SELECT {n:Int64}", "format": "msgpack", "parameters": {"n": 5}}
    answer = client.post("/api/sql", json=question, headers=allowed)
    columns, rows = msgspec.msgpack.decode(answer.content)
    assert (columns, rows) == (["a", "b"], [[1, "甲"], [2, datetime(2026, 11, 23, tzinfo=UTC)]])
    assert stack.asked == [("sql", "SELECT {n:Int64}", {"n": 5})]


def test_a_hall_is_put_in_force_by_its_folder(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/registry", content="halls/平凉\n".encode(), headers=allowed)
    assert (answer.status_code, answer.json()) == (200, {"version": "v2"})
    assert stack.asked == [("apply_hall", "halls/平凉")]


@pytest.mark.parametrize("folder", [b"nowhere", b"\xff"])
def test_a_folder_that_is_not_there_is_refused(
    client: TestClient[Litestar], allowed: dict[str, str], folder: bytes
) -> None:
    answer = client.post("/api/registry", content=folder, headers=allowed)
    assert (answer.status_code, answer.json()["field"]) == (400, "folder")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"query": "DROP TABLE cases"}, "only statements that read"),
        ({"query": "SELECT 1", "format": "xml"}, "Invalid enum value"),
        ({}, "missing required field"),
        ({"query": "SELECT 1", "formt": "csv"}, "unknown field"),
    ],
)
def test_a_statement_that_cannot_be_answered_is_refused(
    client: TestClient[Litestar], allowed: dict[str, str], question: dict[str, str], told: str
) -> None:
    answer = client.post("/api/sql", json=question, headers=allowed)
    assert answer.status_code == 400
    assert told in answer.json()["error"]


def test_metrics_are_text_for_prometheus(client: TestClient[Litestar]) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.text == "hallwatch_store_up 1.0\n"


def test_the_status_is_told(client: TestClient[Litestar]) -> None:
    assert client.get("/api/status").json() == {"lag": 0, "since": "PT3S"}
    assert client.get("/api/marks").json() == {"versions": [[5, "v1"]]}


def test_whoever_needs_everything_stored_can_wait_for_it(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/settle", headers=allowed)
    assert (answer.status_code, answer.json()) == (200, {"settled": True})
    assert stack.asked == [("settle",)]


def test_a_ranking_is_kept_as_a_fact(client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]) -> None:
    ranking = Ranking(board="org", period="2015-03", made_at=datetime(2015, 4, 1, tzinfo=UTC))
    answer = client.post("/api/rankings", content=encode(ranking), headers=allowed)
    assert (answer.status_code, answer.json()) == (202, {"board": "org", "period": "2015-03"})
    assert stack.asked == [("publish_ranking", ranking)]


def test_something_else_than_a_ranking_is_refused(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/rankings", content=b'{"board": "org"}', headers=allowed)
    assert answer.status_code == 400
    assert stack.asked == []
