"""Opens the store that the settings name, and brings its schema up to date."""

import asyncio
from pathlib import Path

import structlog

from deploy.settings import StoreSettings
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Store

_log = structlog.get_logger()
_RETRY_SECONDS = 2.0


def open_store(settings: StoreSettings, folder: Path) -> Store:
    """The store, its schema not yet looked at. Blocks: chDB takes some tenths of a second to come up.

    Raises:
        UnavailableError: it cannot be opened now.
    """
    if settings.kind == "chdb":
        from sinks.stores.chdb import ChdbStore

        return ChdbStore(folder)
    from sinks.stores.clickhouse import ClickHouseSettings, ClickHouseStore

    return ClickHouseStore(
        ClickHouseSettings(
            host=settings.host,
            port=settings.port,
            database=settings.database,
            user=settings.user,
            password=settings.password,
        )
    )


async def bring_schema_up(store: Store) -> None:
    """Bring the store's schema up to date, for as long as it takes a store that does not answer."""
    while True:
        try:
            await asyncio.get_running_loop().run_in_executor(None, store.migrate)
        except UnavailableError as error:
            _log.warning("the store does not answer; facts wait", reason=str(error))
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return
