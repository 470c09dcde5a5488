"""What the Faust side of the adapter needs of its engine."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from streams.engine.log import Place
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.positions import Positions


@dataclass
class Link:
    """`topics`: the ones read in batches. `commit`: writes all state that stands now and commits, in this order.

    `on_ready`: called when partitions are assigned, restored and flowing.
    """

    settings: EngineSettings
    topics: Collection[str]
    positions: Positions
    commit: Callable[[Iterable[Place]], Awaitable[None]]
    on_ready: Callable[[], None]
