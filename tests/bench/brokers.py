"""The brokers that benchmarks run on: the embedded one, and a real Kafka where Java and Maven are there."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from deploy.embedded.children import free_port, start_broker, stop_child

ROOT = Path(__file__).parents[2]
KAFKA = ROOT / "tests" / "live" / "kafka.sh"
"""The project's own script that runs one Kafka node on loopback."""

GIVEN = "BENCH_KAFKA"
"""Environment: the address of a Kafka that runs already and may be written to."""


@contextmanager
def embedded() -> Iterator[str]:
    """The address of a fresh embedded broker."""
    child, address = start_broker()
    try:
        yield address
    finally:
        stop_child(child)


@cache
def why_no_kafka() -> str:
    """What is missing for a real Kafka; empty where it can run, and then its jars are there."""
    if os.environ.get(GIVEN):
        return ""
    missing = [tool for tool in ("java", "mvn", "bash") if shutil.which(tool) is None]
    if missing:
        return f"{' and '.join(missing)} not on this machine"
    if not KAFKA.exists():
        return f"{KAFKA.relative_to(ROOT)} is not there"
    tried = subprocess.run(["bash", KAFKA, "jars"], capture_output=True, text=True, check=False)
    first, *_ = [*tried.stderr.strip().splitlines(), "no word"]
    return f"Maven and Java cannot bring it: {first[:200]}" if tried.returncode else ""


@contextmanager
def kafka() -> Iterator[str]:
    """The address of a real Kafka, started for this and wiped afterwards, or the one that was given."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="hallwatch-bench-kafka-") as folder:
        port = free_port()
        environment = {
            **os.environ,
            "KAFKA_DATA": f"{folder}/data",
            "KAFKA_PORT": str(port),
            "KAFKA_CTRL_PORT": str(free_port()),
            "KAFKA_OWNER": str(os.getpid()),
        }
        try:
            subprocess.run(["bash", KAFKA, "start"], env=environment, check=True, stdout=subprocess.DEVNULL)
            yield f"127.0.0.1:{port}"
        finally:
            subprocess.run(["bash", KAFKA, "wipe"], env=environment, check=False, stdout=subprocess.DEVNULL)
