"""What every contender of job J is told and what it answers."""

import json
import sys
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    """What is to be counted: `count` events of a topic; the clock starts after `warm` of them.

    After `seconds` of it what is done by then counts: a slow contender on a busy machine is not waited for.
    """

    broker: str
    topic: str
    count: int
    warm: int
    seconds: float
    ends: dict[tuple[str, int], int]


def told() -> Job:
    """The job in the arguments of this process."""
    given: dict[str, Any] = json.loads(sys.argv[1])
    ends = {(given["topic"], int(partition)): end for partition, end in given.pop("ends").items()}
    return Job(**given, ends=ends)


class Stopwatch:
    """Wall and processor time between the warm-up and the end."""

    def __init__(self, job: Job) -> None:
        """Not started."""
        self._job = job
        self._begun = self._done = 0
        self._wall = self._cpu = 0.0

    def look(self, count: int) -> bool:
        """So many events are done; true once all are, or time is over."""
        self._done = count
        if not self._begun:
            if count >= self._job.warm:
                self._begun, self._wall, self._cpu = count, time.perf_counter(), time.process_time()
            return False
        return count >= self._job.count or time.perf_counter() - self._wall > self._job.seconds

    def answer(self) -> None:
        """Print events per second and microseconds of processor time per event."""
        events = self._done - self._begun
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        print(json.dumps({"per_second": events / wall, "cpu_us": cpu / events * 1e6}), flush=True)
