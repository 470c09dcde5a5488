"""What only the server's store can show; everything else is in the shared suite."""

import socket
from collections.abc import Iterator

import pytest

from sinks.stores.clickhouse import ClickHouseSettings, ClickHouseStore
from streams.contracts.errors import UnavailableError


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_a_server_that_is_down_is_unavailable_and_not_before_it_is_asked(dead_port: int) -> None:
    store = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=dead_port))
    for ask in (lambda: store.query("SELECT 1"), lambda: store.insert("t", {"a": [1]}), store.migrate):
        with pytest.raises(UnavailableError):
            ask()
    store.close()


def test_a_server_that_says_nothing_is_unavailable_after_the_time_set(silent_port: int) -> None:
    store = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=silent_port, answer_seconds=0.2))
    with pytest.raises(UnavailableError):
        store.query("SELECT 1")
    store.close()


def test_the_password_is_not_printed() -> None:
    settings = ClickHouseSettings(user="hall", password="secret")
    assert "secret" not in repr(settings)
    assert "hall@localhost:9000/hallwatch" in repr(settings)


@pytest.mark.live
def test_a_connection_that_broke_is_made_anew(clickhouse_port: int) -> None:
    store = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=clickhouse_port, database="default"))
    assert store.query("SELECT 1").rows == [(1,)]
    for connection in store._connections:
        connection.client.connection.socket.shutdown(socket.SHUT_RDWR)
    with_luck = 0
    for _ in range(2):
        try:
            with_luck += store.query("SELECT 1").rows == [(1,)]
        except UnavailableError:
            continue
    assert with_luck >= 1
    assert store.query("SELECT 1").rows == [(1,)]
    store.close()
