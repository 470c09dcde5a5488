"""Working through one batch: admitted in turn, left when it has gone stale, its position moved when all is done."""

from collections.abc import Awaitable, Callable, Iterator

from streams.engine.log import Place
from streams.engine.positions import Batch, Positions
from streams.engine.shard import Shard


class Worked:
    """How one reader of some topics works through batches. `begun`: batches so far; `slices`: turns given to others."""

    def __init__(
        self,
        name: str,
        positions: Positions,
        slices: Callable[[Iterator[None]], Iterator[None]],
        rest: Callable[[], Awaitable[None]],
    ) -> None:
        """`slices` walks steps and yields where others should get a turn; `rest` gives it to them."""
        self._name = name
        self._positions = positions
        self._slices = slices
        self._rest = rest
        self.begun = self.slices = 0

    async def through(self, shard: Shard, place: Place, batch: Batch, fresh: Callable[[], bool]) -> bool:
        """Work through a batch; False where it is refused. `fresh`: whether it may still be worked on.

        Left half way the position stays; the rows know how far they are, so that nothing is done twice.
        """
        if not (fresh() and self._positions.admit(self._name, place, batch.seek, batch.number)):
            return False
        if not shard.active:
            raise RuntimeError(f"{place}: input and changelog are not assigned together")
        self.begun += 1
        for _ in self._slices(shard.work(batch)):
            self.slices += 1
            await self._rest()
            if not fresh():
                return True
        self._positions.done(self._name, place, batch.seek, batch[-1].offset + 1)
        return True
