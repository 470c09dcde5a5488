"""A million rows read back from the changelog by a worker that starts, and the same from a snapshot.

The clock runs from the instant at which the partitions are assigned to the one at which they are worked on: the owner
record, reading, the due index and what is to be sent again are in it; joining the group is not, which is the broker's
affair (a second on the embedded one, and four at every other start). Each repeat is a fresh process.
"""

import asyncio
import json
import subprocess
import sys
import time
from statistics import median

import uvloop

from deploy.broker_topics import make_topics
from streams.contracts.topics import DEAD_LETTERS, Topic
from streams.engine.on_faust.engine import Engine, EngineSettings
from tests.bench.brokers import ROOT, embedded
from tests.bench.filling import fill
from tests.bench.results import Figure, machine, report, spread
from tests.bench.waiting import PARTITIONS, POKES, REGISTRY, TOLD, Waiters, subjects

VALUES = 1_000_000
REPEATS = 3
ROLE = "bench-restore"
CHANGELOG = Topic(f"hallwatch-{ROLE}-{Waiters.name}-changelog", bytes, "key", "compact")
DUE_MS = 1_900_000_000_000
_ROW_SECONDS = 120.0


def main() -> None:
    """Fill a changelog, restore it several times."""
    print(f"  {machine()}")
    with embedded() as broker:
        make_topics(broker, (POKES, TOLD, DEAD_LETTERS, CHANGELOG), PARTITIONS)
        written = ((key, raw) for _, _, key, raw in subjects(range(DUE_MS, DUE_MS + VALUES)))
        asyncio.run(fill(broker, CHANGELOG.name, PARTITIONS, written))
        answers = [_restored(broker) for _ in range(REPEATS)]
    wall = [answer["wall"] for answer in answers]
    cpu = [answer["cpu"] for answer in answers]
    print(f"  ms until worked on {spread([1e3 * each for each in wall])}")
    report(
        [
            Figure("restore of 1,000,000 values from the changelog", median(wall), "s", 10, 5, at_most=True),
            Figure("restore of 1,000,000 values, processor time", median(cpu), "s", at_most=True),
        ]
    )


def _restored(broker: str) -> dict[str, float]:
    """One restore in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.restore", broker],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_ROW_SECONDS,
    )
    answers = [line for line in done.stdout.splitlines() if line.startswith('{"wall"')]
    if not answers:
        raise RuntimeError(f"the restore gave no answer:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    answer: dict[str, float] = json.loads(answers[-1])
    return answer


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


async def _restore(broker: str) -> None:
    begun: list[float] = []

    def note(done: int, total: int) -> None:
        if not done:
            begun[:] = time.perf_counter(), time.process_time()

    engine = Engine(
        ROLE,
        broker,
        settings=EngineSettings(partitions=PARTITIONS),
        now=_wall_ms,
        ends={},
        processes=[Waiters()],
        registry_version=REGISTRY,
        on_restore=note,
    )
    await engine.start()
    wall, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
    held = sum(engine.stats.subjects.values())
    await engine.stop()
    if held != VALUES:
        raise RuntimeError(f"{held} rows came back")
    print(json.dumps({"wall": wall, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvloop.run(_restore(sys.argv[1]))
    else:
        main()
