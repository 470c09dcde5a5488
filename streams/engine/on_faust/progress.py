"""How far an engine has come in what it reads."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from streams.engine.log import Place
from streams.engine.positions import Positions
from streams.engine.work import Worked

_LOOK_SECONDS = 0.05


class Progress:
    """Compares where readers stand with what is known to be written."""

    def __init__(self, positions: Positions, ends: Mapping[tuple[str, int], int], topics: Collection[str]) -> None:
        """`ends`: next offset of every partition that anybody here has written to. `topics`: the ones read."""
        self._positions = positions
        self._ends = ends
        self._topics = topics
        self._works: dict[str, list[Worked]] = {}

    def watch(self, topic: str, worked: Worked) -> None:
        """This one works through batches of the topic."""
        self._works.setdefault(topic, []).append(worked)

    def turns(self, topic: str) -> tuple[int, int]:
        """How many batches of a topic were begun so far, and how many slices of time they have taken."""
        works = self._works[topic]
        return sum(one.begun for one in works), sum(one.slices for one in works)

    def caught_up(self) -> bool:
        """Whether everything written here is worked on."""
        return all(self._positions.reached(place) >= end for place, end in self._written())

    def lag(self, consumer: Any) -> int:
        """Records that are not worked on yet: as far as was written here, and beyond that as fetches have told."""
        ends = dict(self._written())
        for place, _, end in self.behind(consumer, self._topics):
            ends[place] = max(end, ends.get(place, 0))
        return sum(max(0, end - self._positions.reached(place)) for place, end in ends.items())

    def behind(self, consumer: Any, inputs: Collection[str]) -> Iterator[tuple[Place, int, int]]:
        """Partitions of `inputs` with more to work on, as far as fetches have told: place, where work stands, end."""
        for tp in consumer.assignment() if consumer is not None else ():
            end = consumer.highwater(tp) if tp.topic in inputs else None
            at = self._positions.reached(Place(*tp)) if end is not None else 0
            if end is not None and at < end:
                yield Place(*tp), at, end

    async def reach(self, ends: Mapping[Place, int], consumer: Any, failed: "asyncio.Future[None]") -> None:
        """Return when work has come to these ends, in the partitions that are still assigned, or when it has failed."""
        while not failed.done():
            assigned = {Place(*tp) for tp in consumer.assignment()}
            if all(self._positions.reached(place) >= end for place, end in ends.items() if place in assigned):
                return
            await asyncio.sleep(_LOOK_SECONDS)

    def _written(self) -> Iterator[tuple[Place, int]]:
        return ((Place(*place), end) for place, end in self._ends.items() if place[0] in self._topics)
