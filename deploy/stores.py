"""Opens the store that the settings name."""

from pathlib import Path

from deploy.settings import StoreSettings
from streams.contracts.store import Store


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
