from pathlib import Path
from typing import TYPE_CHECKING

from litestar import Litestar
from litestar.testing import TestClient

from dashboards.server import make_app

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack


def test_both_pages_come_from_the_built_front_end_and_are_never_kept_unasked(client: TestClient[Litestar]) -> None:
    for path, title in (("/", "start"), ("/wall", "wall")):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert answer.text == f"<title>{title}</title>"
        assert answer.headers["cache-control"] == "no-cache"


def test_a_page_may_ask_no_other_machine(client: TestClient[Litestar]) -> None:
    assert "default-src 'self'" in client.get("/wall").headers["content-security-policy"]


def test_an_asset_carries_its_hash_in_its_name_and_is_kept_by_the_browser(client: TestClient[Litestar]) -> None:
    answer = client.get("/assets/wall-1.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_no_file_outside_the_assets_is_served(client: TestClient[Litestar], static: Path) -> None:
    (static / "secret.txt").write_text("not for you")
    for path in ("/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/assets/nothing.js", "/secret.txt"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "not for you" not in answer.text


def test_a_front_end_that_is_not_built_is_said_and_the_rest_goes_on(stack: "Stack", tmp_path: Path) -> None:
    with TestClient(make_app(stack.parts(tmp_path / "none"))) as client:
        for path in ("/", "/wall", "/favicon.svg"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert "not built" in answer.json()["error"]
        assert client.get("/api/wall").status_code == 200


def test_an_unknown_path_is_refused_in_the_one_shape(client: TestClient[Litestar]) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "field", "error_zh"}
