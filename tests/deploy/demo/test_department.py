from pathlib import Path

import httpx
import pytest

from deploy.demo.department import Department


def test_every_telling_is_a_line_with_its_key_and_body(tmp_path: Path) -> None:
    received = tmp_path / "made" / "received.txt"
    with Department(received) as department:
        for number in range(3):
            answer = httpx.post(
                department.url, content=f"{{\n{number}}}".encode(), headers={"Idempotency-Key": f"k{number}"}
            )
            assert answer.status_code == 204
    assert received.read_text(encoding="utf-8") == "k0 { 0}\nk1 { 1}\nk2 { 2}\n"


def test_nobody_listens_afterwards(tmp_path: Path) -> None:
    with Department(tmp_path / "received.txt") as department:
        url = department.url
    with pytest.raises(httpx.ConnectError):
        httpx.post(url, content=b"late")
