import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from dashboards.server import make_app
from dashboards.wall.figures import WallFigures

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack

WRITING = (
    "/api/commands",
    "/api/sql",
    "/api/registry",
    "/api/intake/events",
    "/api/intake/marks",
    "/api/intake/dead-letters",
)


@pytest.mark.parametrize("path", WRITING)
@pytest.mark.parametrize(
    "heading", [None, "", "Bearer", "Bearer wrong", "Basic right-token", "right-token", "Bearer é"]
)
def test_a_route_that_writes_refuses_without_the_right_token_and_touches_nothing(
    client: TestClient[Litestar], stack: "Stack", path: str, heading: str | None
) -> None:
    headers = {} if heading is None else {b"Authorization": heading.encode()}
    answer = client.post(path, content=b"{}", headers=headers)
    assert answer.status_code == 401
    assert "Bearer" in answer.json()["error"]
    assert stack.asked == []
    assert (stack.events, stack.marks, stack.letters, stack.commands) == ([], [], [], [])


def test_without_a_token_of_its_own_the_server_lets_nobody_write(stack: "Stack", static: Path) -> None:
    stack.token = ""
    with TestClient(make_app(stack.parts(static))) as client:
        assert client.post("/api/sql", content=b"{}", headers={"Authorization": "Bearer "}).status_code == 401


def test_a_bug_is_logged_and_its_text_is_not_told(
    client: TestClient[Litestar], stack: "Stack", caplog: pytest.LogCaptureFixture
) -> None:
    async def wrong(_hall: str) -> WallFigures:
        raise KeyError("inner secret")

    stack.reading = wrong
    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/wall")
    assert (answer.status_code, answer.json()) == (
        500,
        {"error": "internal error, see the server's log", "field": "", "error_zh": ""},
    )
    assert "inner secret" in caplog.text


def test_a_wrong_parameter_is_refused_by_its_name(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/alerts?limit=many")
    assert answer.status_code == 400
    assert answer.json()["field"] == "limit"


def test_a_wrong_method_is_refused_in_the_one_shape(client: TestClient[Litestar]) -> None:
    answer = client.post("/api/wall")
    assert answer.status_code == 405
    assert set(answer.json()) == {"error", "field", "error_zh"}
