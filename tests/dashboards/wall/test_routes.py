import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from dashboards.web_parts import WebParts

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack


def test_the_snapshot_is_read_now_for_the_hall_that_was_asked_for(client: TestClient[Litestar], stack: "Stack") -> None:
    answer = client.get("/api/wall?hall=kt")
    assert answer.status_code == 200
    assert answer.json()["hall"] == "kt"
    assert answer.json()["levels"] == {"notice": 0, "warn": 7, "yellow": 2, "red": 1}
    assert stack.asked == [("figures", "kt")]


def test_a_hall_that_is_not_served_is_not_found(client: TestClient[Litestar]) -> None:
    for path in ("/api/wall?hall=nn", "/api/wall/stream?hall=nn"):
        assert client.get(path).status_code == 404


def test_a_store_that_is_away_is_said_as_503(client: TestClient[Litestar], stack: "Stack") -> None:
    stack.store_up = False
    answer = client.get("/api/wall")
    told = {"error": "the store does not answer", "field": "", "error_zh": "存储没有应答"}
    assert (answer.status_code, answer.json()) == (503, told)


def test_the_stream_is_one_that_browsers_read_and_ends_with_the_server(
    stack: "Stack", static: Path, served: Callable[[WebParts], str]
) -> None:
    address = served(stack.parts(static))
    fields: dict[str, str] = {}
    with httpx.stream("GET", f"{address}/api/wall/stream", timeout=60) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            fields[name] = value
            if not line and fields["event"] == "snapshot":
                stack.stop.set()
    assert fields["id"].isdigit()
    assert fields["retry"] == "1000"
    assert '"open_cases":126' in fields["data"]


def test_a_browser_that_goes_away_ends_the_reading(
    stack: "Stack", static: Path, served: Callable[[WebParts], str]
) -> None:
    address = served(stack.parts(static))
    with httpx.stream("GET", f"{address}/api/wall/stream", timeout=60) as answer:
        next(answer.iter_lines())
    end, before = time.monotonic() + 60, -1
    while stack.readings != before:  # a reading comes every 0.2 seconds
        assert time.monotonic() < end
        before = stack.readings
        time.sleep(0.7)
