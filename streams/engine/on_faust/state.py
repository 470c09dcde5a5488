"""The tables of an engine: which shards it holds, how they are restored, how they go on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from faust.types import TP

from streams.contracts.dead_letter import DeadLetter
from streams.engine.counts import Counts
from streams.engine.holding import Holding
from streams.engine.log import Log, Place
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.table import ShardTable
from streams.engine.process import AnyProcess
from streams.engine.shard import Shard

Row = tuple[str, int, bytes, bytes]
"""Process, partition, key, raw row."""

STRIDE = 50
"""Records that are worked on before anybody looks whether the slice of time is over."""


class Tables:
    """Keeps the shards of all processes of one engine."""

    def __init__(
        self,
        app: Any,
        processes: Sequence[AnyProcess],
        *,
        settings: EngineSettings,
        registry_version: str,
        incarnation: str,
        on_dead: Callable[[DeadLetter], None],
        on_drop: Callable[[Place], None],
    ) -> None:
        """One table a process. With an `incarnation` this worker is alone with its broker and never reads back.

        `on_drop`: told the place of the input whose state is given up.
        """
        self.holding: Holding
        self.done: dict[str, Counts] = {process.name: Counts() for process in processes}
        self.inputs = {process.input.name for process in processes}
        self._settings = settings
        self._registry = registry_version
        self._incarnation = incarnation
        self._on_dead = on_dead
        self._on_drop = on_drop
        self._by_name: dict[str, ShardTable] = {}
        for process in processes:
            table = ShardTable(
                app,
                keeper=self,
                process=process,
                name=process.name,
                partitions=settings.partitions,
            )
            app.tables.add(table)
            self._by_name[process.name] = table
        self._by_changelog: dict[str, ShardTable] = {}

    def open(self, log: Log, on_restore: Callable[[int, int], None] = lambda _, __: None) -> Holding:
        """What holds the shards, over this log. `on_restore`: see `Holding`."""
        self._by_changelog = {table.changelog_name: table for table in self._by_name.values()}
        self.holding = Holding(
            log, self._new_shard, self._dropped, on_restore=on_restore, alone=bool(self._incarnation)
        )
        return self.holding

    def changelogs(self) -> list[str]:
        """The topics that keep the rows."""
        return list(self._by_changelog)

    def table(self, process: str) -> ShardTable:
        """The table of a process."""
        return self._by_name[process]

    def shard(self, table: ShardTable, partition: int) -> Shard:
        """The shard of a partition; made where there is none."""
        return self.holding.held(Place(table.changelog_name, partition)).shard

    def shards(self) -> list[Shard]:
        """Every shard, as of now."""
        return [held.shard for held in self.holding.all()]

    def worked(self) -> int:
        """How many events, wakes, re-plannings and rows read back there were so far; grows while anything is done."""
        done = sum(one.processed + one.skipped + one.fired + one.replanned for one in self.done.values())
        return done + self.holding.restored

    def state_bytes(self) -> dict[str, int]:
        """How many bytes the rows of each process have."""
        sizes: dict[str, int] = {}
        for shard in self.shards():
            sizes[shard.name] = sizes.get(shard.name, 0) + shard.size()
        return sizes

    def wrote(self, place: Place, last_offset: int) -> None:
        """Our own write was acknowledged: Faust would read it back after a rebalance, over newer rows."""
        table = self._by_changelog.get(place.topic)
        if table is not None:
            table.store.set_persisted_offset(TP(*place), last_offset)

    def load_rows(self, rows: Iterable[Row]) -> None:
        """Rows of a snapshot, before the start."""
        for process, partition, key, raw in rows:
            self._by_name[process].shard(partition).load(key, raw)

    def rows(self) -> Iterator[Row]:
        """Every row as written."""
        for held in self.holding.all():
            for key, raw in held.shard.written():
                yield held.shard.name, held.shard.partition, key, raw

    async def on_rebalance(self, assigned: Iterable[TP], generation: int) -> None:
        """Take over what is new, all tables in one read; Faust calls once a table, the first call does it all."""
        places = [Place(*tp) for tp in assigned if tp.topic in self._by_changelog]
        for place, last_offset in (await self.holding.assign(places, generation)).items():
            self.wrote(place, last_offset)

    async def activate(self, table: ShardTable, partitions: Iterable[int]) -> None:
        """Send again what may have been held back, then let the shards work."""
        await self.holding.activate([Place(table.changelog_name, partition) for partition in partitions])

    def _new_shard(self, place: Place) -> Shard:
        process = self._by_changelog[place.topic].process
        return Shard(
            process,
            place.partition,
            partitions=self._settings.partitions,
            incarnation=self._incarnation,
            registry=self._registry,
            urgent=self._settings.urgent,
            coalesced=self._settings.coalesced,
            hot_max=self._settings.hot_max,
            lead_ms=self._settings.lead_ms,
            stride=STRIDE,
            on_dead=self._on_dead,
            counts=self.done[process.name],
        )

    def _dropped(self, place: Place) -> None:
        table = self._by_changelog[place.topic]
        table.store.forget(TP(*place))
        self._on_drop(Place(table.process.input.name, place.partition))
