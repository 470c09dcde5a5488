import asyncio
from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.engine.on_faust.app import make_app
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.state import Tables
from tests.streams.engine.toy import Counter


def test_faust_reads_nothing_back_into_a_store_of_shards() -> None:
    async def main() -> None:
        app = make_app("count", "127.0.0.1:1", EngineSettings(partitions=2))
        settings = EngineSettings(partitions=2)
        ignore: Any = lambda _: None  # noqa: E731
        tables = Tables(
            app,
            [Counter()],
            settings=settings,
            registry_version="",
            incarnation="",
            on_dead=ignore,
            on_drop=ignore,
        )
        table = tables.table("counter")
        assert table.changelog_name == "hallwatch-count-counter-changelog"
        assert table.clone() is not table
        tp = TP(table.changelog_name, 1)
        event = SimpleNamespace(message=SimpleNamespace(tp=tp, offset=4, partition=1, key=b"a", value=b"zombie"))
        table.store.apply_changelog_batch([event], bytes, bytes)
        assert table.store.persisted_offset(tp) == 4
        table.store.forget(tp)
        assert table.store.persisted_offset(tp) is None

    asyncio.run(main())
