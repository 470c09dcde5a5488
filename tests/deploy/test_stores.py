import asyncio
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy import stores
from deploy.settings import StoreSettings
from deploy.stores import bring_schema_up, open_store
from sinks.stores.chdb import ChdbStore
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Answer


class LateStore:
    """Answers at the third attempt."""

    attempts = 0

    def migrate(self) -> list[str]:
        self.attempts += 1
        if self.attempts < 3:
            raise UnavailableError("starting up")
        return ["0001"]

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        raise AssertionError(sql)

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        raise AssertionError(table)

    def close(self) -> None:
        pass


def test_the_embedded_store_keeps_its_schema_in_the_folder(tmp_path: Path) -> None:
    for applied_first in (True, False):
        store = open_store(StoreSettings(), tmp_path / "store")
        assert isinstance(store, ChdbStore)
        assert bool(store.migrate()) is applied_first
        assert store.query("SELECT count() FROM cases").rows == [(0,)]
        store.close()


def test_a_server_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    with socket.socket() as taken:  # and nobody listens
        taken.bind(("127.0.0.1", 0))
        settings = StoreSettings(kind="clickhouse", port=taken.getsockname()[1])
        with pytest.raises(UnavailableError):
            open_store(settings, tmp_path).query("SELECT 1")


def test_the_schema_waits_for_a_store_that_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_RETRY_SECONDS", 0.001)
    late = LateStore()
    asyncio.run(bring_schema_up(late))
    assert late.attempts == 3
