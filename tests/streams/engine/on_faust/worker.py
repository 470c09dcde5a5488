"""A worker of its own process, to be killed: `python -m tests.streams.engine.on_faust.worker BROKER`."""

import asyncio
import os
import signal
import sys

from streams.engine.on_faust.engine import Engine, EngineSettings
from streams.engine.ownership import FencedError
from tests.streams.engine.on_faust.hall import PARTITIONS, wall_ms
from tests.streams.engine.toy import Counter


async def main(broker: str) -> None:
    """Count until told to end; says how many records it has worked on, and in the end what stopped it.

    To have been replaced is an end in peace; anything else is not.
    """
    settings = EngineSettings(partitions=PARTITIONS)
    engine = Engine("count", broker, settings=settings, now=wall_ms, ends={}, processes=[Counter()])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await engine.start()
    parent = os.getppid()
    while not stop.is_set() and not engine.failed.done() and os.getppid() == parent:
        sys.stdout.write(f"{engine.stats.processed.get('counter', 0)}\n")
        sys.stdout.flush()
        await asyncio.sleep(0.05)
    await engine.stop()
    if engine.failed.done():
        sys.stdout.write(f"{type(engine.failed.exception()).__name__}\n")
        if not isinstance(engine.failed.exception(), FencedError):
            engine.failed.result()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
