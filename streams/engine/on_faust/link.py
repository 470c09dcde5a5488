"""What the Faust side of the adapter needs of its engine."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from streams.engine.on_faust.settings import EngineSettings
from streams.engine.positions import Positions


@dataclass
class Link:
    """`topics`: the ones read in batches. `checkpoint`: writes and acknowledges all state that stands now.

    `on_ready`: called when partitions are assigned, restored and flowing.
    """

    settings: EngineSettings
    topics: Collection[str]
    positions: Positions
    checkpoint: Callable[[], Awaitable[object]]
    on_ready: Callable[[], None]
