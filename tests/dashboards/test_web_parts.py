from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack


def test_the_token_is_never_printed(stack: "Stack", tmp_path: Path) -> None:
    stack.token = "a-very-secret-token"
    assert "a-very-secret-token" not in repr(stack.parts(tmp_path))
