"""The tables of an engine: which shards it holds, how they are restored, how they go on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from aiokafka import TopicPartition
from faust.types import TP

from streams.contracts.dead_letter import DeadLetter
from streams.engine.checkpoint import Checkpoints, Held
from streams.engine.log import Place
from streams.engine.on_faust.restore import read_changelogs
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.table import ShardTable
from streams.engine.process import AnyProcess
from streams.engine.shard import Shard

Row = tuple[str, int, bytes, bytes]
"""Process, partition, key, raw row."""


class Tables:
    """Keeps the shards of all processes of one engine."""

    def __init__(
        self,
        app: Any,
        broker: str,
        processes: Sequence[AnyProcess],
        *,
        settings: EngineSettings,
        registry_version: str,
        incarnation: str,
        on_dead: Callable[[DeadLetter], None],
    ) -> None:
        """One table a process. With an `incarnation` this worker is alone with its broker and never reads back."""
        self.checkpoints: Checkpoints
        self.resent = self.restored = 0
        self._broker = broker
        self._settings = settings
        self._registry = registry_version
        self._incarnation = incarnation
        self._on_dead = on_dead
        self._generation: int | None = None
        self._loaded: set[TP] = set()
        self._tables: dict[str, ShardTable] = {}
        for process in processes:
            table = ShardTable(app, keeper=self, process=process, name=process.name, partitions=settings.partitions)
            app.tables.add(table)
            self._tables[process.name] = table

    def table(self, process: str) -> ShardTable:
        """The table of a process."""
        return self._tables[process]

    def new_shard(self, process: AnyProcess, partition: int) -> Shard:
        """An empty shard with this engine's settings."""
        return Shard(
            process,
            partition,
            partitions=self._settings.partitions,
            incarnation=self._incarnation,
            registry=self._registry,
            urgent=self._settings.urgent,
            hot_max=self._settings.hot_max,
            on_dead=self._on_dead,
        )

    def held(self) -> Iterator[Held]:
        """Every shard with its changelog partition."""
        for table in self._tables.values():
            changelog = table.changelog_name
            for partition, shard in table.shards.items():
                yield Held(Place(changelog, partition), shard)

    def shards(self) -> list[Shard]:
        """Every shard, as of now."""
        return [shard for table in self._tables.values() for shard in table.shards.values()]

    def wrote(self, place: Place, last_offset: int) -> None:
        """Our own write was acknowledged: Faust would read it back after a rebalance, over newer rows."""
        for table in self._tables.values():
            if table.changelog_name == place.topic:
                table.store.set_persisted_offset(TP(*place), last_offset)

    def load_rows(self, rows: Iterable[Row]) -> None:
        """Rows of a snapshot, before the start."""
        for process, partition, key, raw in rows:
            self._tables[process].shard(partition).load(key, raw)

    def rows(self) -> Iterator[Row]:
        """Every row as written."""
        for name, table in self._tables.items():
            for partition, shard in table.shards.items():
                for key, raw in shard.written():
                    yield name, partition, key, raw

    async def on_rebalance(self, assigned: Iterable[TP], generation: int) -> None:
        """Drop what was lost and restore what is new, all tables in one read; a cut-short load is done again."""
        if self._generation == generation:
            return  # Faust calls once a table
        self._generation = generation
        by_changelog = {table.changelog_name: table for table in self._tables.values()}
        wanted = {tp for tp in assigned if tp.topic in by_changelog}
        if self._incarnation:
            for tp in wanted:
                by_changelog[tp.topic].shard(tp.partition)
            return
        for tp in self._loaded - wanted:
            self._drop(by_changelog[tp.topic], tp)
        self._loaded &= wanted
        new = [TopicPartition(*tp) for tp in wanted - self._loaded]
        for place in new:
            self._drop(by_changelog[place.topic], TP(*place))
            by_changelog[place.topic].shard(place.partition)
        if new:
            await self._restore(by_changelog, new)
            self._loaded |= {TP(*place) for place in new}

    async def _restore(self, by_changelog: dict[str, ShardTable], places: list[TopicPartition]) -> None:
        def load(place: TopicPartition, key: bytes, raw: bytes | None) -> None:
            by_changelog[place.topic].shard(place.partition).load(key, raw)
            self.restored += 1

        ends = await read_changelogs(
            self._broker,
            places,
            load,
            fetch_wait_ms=self._settings.fetch_wait_ms,
            check_crcs=self._settings.check_crcs,
        )
        for place, end in ends.items():
            if end:
                by_changelog[place.topic].store.set_persisted_offset(TP(*place), end - 1)

    async def activate(self, table: ShardTable, partitions: Iterable[int]) -> None:
        """Send again what may have been held back, then let the shards work."""
        for partition in partitions:
            shard = table.shard(partition)
            if not shard.active:
                self.resent += await self.checkpoints.take_over(shard)

    def _drop(self, table: ShardTable, tp: TP) -> None:
        table.shards.pop(tp.partition, None)
        table.store.forget(tp)
