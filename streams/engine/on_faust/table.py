"""What Faust sees of our state: a table whose store is the shards."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast

import faust
from faust.stores import memory
from faust.types import TP

from streams.engine.process import AnyProcess
from streams.engine.shard import Shard


class Keeper(Protocol):
    """Who makes and restores shards."""

    def shard(self, table: "ShardTable", partition: int) -> Shard:
        """The shard of a partition; made where there is none."""

    async def on_rebalance(self, assigned: Iterable[TP], generation: int) -> None:
        """Partitions were assigned; restore what is new among them."""

    async def activate(self, table: "ShardTable", partitions: Iterable[int]) -> None:
        """Faust has finished recovering these."""


class ShardStore(memory.Store[bytes, bytes]):
    """Remembers up to where each changelog partition is known, so that Faust does not read our own writes back."""

    table: "ShardTable"

    def __post_init__(self) -> None:
        """Start with no offsets."""
        super().__post_init__()
        self._persisted: dict[TP, int] = {}

    def persisted_offset(self, tp: TP) -> int | None:
        """Offset of the last changelog record that is in our shards."""
        return self._persisted.get(TP(*tp))

    def set_persisted_offset(self, tp: TP, offset: int, *_: Any, **__: Any) -> None:
        """The changelog is known up to here."""
        self._persisted[TP(*tp)] = offset

    def forget(self, tp: TP) -> None:
        """The shard was dropped."""
        self._persisted.pop(tp, None)

    def apply_changelog_batch(
        self, batch: Iterable[Any], to_key: Callable[[Any], Any], to_value: Callable[[Any], Any]
    ) -> None:
        """Nothing of it: a take-over has read all that was written before it, and what came later is void."""
        del to_key, to_value
        for event in batch:
            self._persisted[event.message.tp] = event.message.offset

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Faust calls this before the flow resumes."""
        del standby_tps
        await self.table.keeper.activate(self.table, {tp.partition for tp in active_tps})

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Once a table and rebalance; the keeper counts generations."""
        del revoked, newly_assigned
        await self.table.keeper.on_rebalance(assigned, generation_id)


class ShardTable(faust.Table[bytes, bytes]):
    """One process's table."""

    def __init__(self, app: Any, *, keeper: Keeper, process: AnyProcess, **options: Any) -> None:
        """Keys and values are raw bytes; Faust's own serialisers never see them."""
        self.keeper = keeper
        self.process = process
        super().__init__(app, **{**options, "key_type": bytes, "value_type": bytes})

    def info(self) -> dict[str, Any]:
        """What Faust needs to clone the table."""
        return {**super().info(), "keeper": self.keeper, "process": self.process}

    def _new_store(self) -> Any:
        return ShardStore(
            cast("Any", "memory://"),
            self.app,
            self,
            table_name=self.name,
            key_type=bytes,
            value_type=bytes,
            loop=self.loop,
        )

    @property
    def changelog_name(self) -> str:
        """The topic that keeps the rows."""
        name: str = self.changelog_topic.get_topic_name()
        return name

    @property
    def store(self) -> ShardStore:
        """The store, as ours."""
        return cast("ShardStore", self.data)

    def shard(self, partition: int) -> Shard:
        """The shard of a partition; made where there is none."""
        return self.keeper.shard(self, partition)
