"""Which shards a worker holds: taking partitions over, restoring them, letting them go."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from streams.engine.checkpoint import Checkpoints
from streams.engine.held import Held
from streams.engine.log import Entry, Log, Place, Record
from streams.engine.ownership import OWNER_KEY
from streams.engine.shard import Shard


class Holding:
    """The shards of one worker, by their places in the changelogs."""

    def __init__(
        self,
        log: Log,
        new_shard: Callable[[Place], Shard],
        on_drop: Callable[[Place], None],
        *,
        on_restore: Callable[[int, int], None] = lambda _, __: None,
        alone: bool = False,
    ) -> None:
        """`new_shard`: makes an empty one. `on_drop`: told each place whose shard is given up, written or not.

        `on_restore`: told how many offsets of a take-over are read back, of how many. `alone`: this worker lives and
        dies with its log; nothing is owned, fenced or read back.
        """
        self.checkpoints: Checkpoints
        self.resent = self.restored = self.rebalances = 0
        self._log = log
        self._new_shard = new_shard
        self._on_drop = on_drop
        self._on_restore = on_restore
        self.alone = alone
        self._held: dict[Place, Held] = {}
        self._whole: set[Place] = set()
        self._generation: int | None = None

    def all(self) -> Iterator[Held]:
        """Every shard held, as of now."""
        return iter(list(self._held.values()))

    def held(self, place: Place) -> Held:
        """The shard of a place in a changelog; made where there is none."""
        held = self._held.get(place)
        if held is None:
            held = self._held[place] = Held(place, self._new_shard(place))
        return held

    async def assign(self, places: Iterable[Place], generation: int) -> dict[Place, int]:
        """The group has given us these places and no others; returns how far the changelog of each new one is read.

        What we held in the generation before and still hold goes on as it is. Where a generation passed without us,
        others may have owned anything in it, and all is read again. A take-over that was cut short is done again.
        """
        if generation == self._generation:
            return {}
        missed = self._generation is not None and generation != self._generation + 1
        self._generation = generation
        self.rebalances += 1
        wanted = set(places)
        await self.checkpoints.finished()  # what is under way speaks of what we hold now
        if self.alone:
            for place in wanted:
                self.held(place)
            return {}
        self._whole = set() if missed else self._whole & wanted
        for place in set(self._held) - self._whole:
            del self._held[place]
            self._on_drop(place)
        new = wanted - self._whole
        ends = await self._take(new) if new else {}
        if generation == self._generation:
            self._whole |= new
        return ends

    async def activate(self, places: Iterable[Place]) -> None:
        """Send again what may have been held back, then let the shards work."""
        for place in places:
            held = self.held(place)
            if not held.shard.active:
                self.resent += await self.checkpoints.take_over(held)

    async def _take(self, places: Iterable[Place]) -> dict[Place, int]:
        """First the owner record, then everything before it: what a replaced owner writes later is void."""
        new = {place: self.held(place) for place in sorted(places)}
        written = await self._log.append({place: [Entry(OWNER_KEY, b"")] for place in new})
        for place, held in new.items():
            held.own(written[place][0].first)

        reached = dict.fromkeys(new, 0)
        total = sum(held.epoch + 1 for held in new.values())
        self._on_restore(0, total)

        def load(place: Place, records: Sequence[Record]) -> None:
            self.restored += new[place].restore(records)
            reached[place] = records[-1].offset + 1 if records else reached[place]
            self._on_restore(sum(reached.values()), total)

        await self._log.read({place: (0, held.epoch + 1) for place, held in new.items()}, load)
        self._on_restore(total, total)
        for held in new.values():
            held.restored()
        return {place: held.epoch for place, held in new.items()}
