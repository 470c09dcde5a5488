"""Job J on the engine against what else a Python user could take, five interleaved repeats, as ratios in one run.

Every row is a fresh process and consumer group that reads the topic from its beginning. All check CRCs and commit
four times a second.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from deploy.broker_topics import make_topics
from tests.bench.brokers import ROOT, embedded, kafka, why_no_kafka
from tests.bench.counting import NOTED, PARTITIONS, WARM, rows
from tests.bench.filling import fill
from tests.bench.results import Figure, ratio, report, spread

EVENTS = 600_000
REPEATS = 5
SLOW = {"naive_faust": (1_000, 9_000), "quix": (4_000, 24_000)}
"""Contenders that would take minutes for all events: warm-up and count of their share."""

BOUNDS = {"plain": (0.6, 1.0), "naive_faust": (50.0, 100.0), "quix": (8.0, 15.0)}
WORDS = {
    "plain": "a plain aiokafka loop without durability",
    "naive_faust": "naive Faust",
    "quix": "Quix Streams with changelog",
}
QUIX = ("quixstreams==3.28.0", "msgspec")
_ROW_SECONDS = 180.0
_SLOW_SECONDS = 20.0
"""Of a contender in SLOW what is done after that counts: it would take minutes on a busy machine."""


def python_of_quix() -> str:
    """A Python that has Quix Streams, in an environment beside the project's; empty where it cannot be made."""
    folder = Path(gettempdir()) / "hallwatch-bench-quix"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        try:
            venv.create(folder, with_pip=True)
            install = [str(python), "-m", "pip", "install", "--quiet", *QUIX]
            subprocess.run(install, check=True, timeout=180, capture_output=True)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"  Quix Streams left out: it cannot be installed ({type(error).__name__})")
            return ""
        done.touch()
    return str(python)


def run_row(contender: str, python: str, broker: str, ends: Mapping[tuple[str, int], int]) -> dict[str, float]:
    """One row: events per second and microseconds of processor time an event."""
    warm, count = SLOW.get(contender, (WARM, EVENTS))
    job = {
        "broker": broker,
        "topic": NOTED.name,
        "count": count,
        "warm": warm,
        "seconds": _SLOW_SECONDS if contender in SLOW else _ROW_SECONDS,
        "ends": {partition: end for (_, partition), end in ends.items()},
    }
    named = f"tests.bench.contenders.{contender}"
    program = [str(ROOT / "tests/bench/contenders/quix.py")] if contender == "quix" else ["-m", named]
    with TemporaryDirectory(prefix="hallwatch-bench-") as folder:  # contenders end at once and clean up nothing
        done = subprocess.run(
            [python, *program, json.dumps(job)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": folder},
            capture_output=True,
            text=True,
            timeout=_ROW_SECONDS,
        )
    answers = [line for line in done.stdout.splitlines() if line.startswith('{"per_second"')]
    if not answers:
        raise RuntimeError(f"{contender} gave no answer:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    answer: dict[str, float] = json.loads(answers[-1])
    return answer


def compare(broker: str, named: str) -> list[Figure]:
    """All contenders on one broker."""
    make_topics(broker, [NOTED], PARTITIONS)
    ends = asyncio.run(fill(broker, NOTED.name, PARTITIONS, rows(EVENTS)))
    pythons = {"engine": sys.executable, "plain": sys.executable, "naive_faust": sys.executable}
    quix = python_of_quix()
    if quix:
        pythons["quix"] = quix
    rates: dict[str, list[float]] = {contender: [] for contender in pythons}
    cpu: dict[str, list[float]] = {contender: [] for contender in pythons}
    for _ in range(REPEATS):
        for contender, python in pythons.items():
            answer = run_row(contender, python, broker, ends)
            rates[contender].append(answer["per_second"])
            cpu[contender].append(answer["cpu_us"])
    for contender, found in rates.items():
        print(f"  {contender:<12} events/s {spread(found):<36} processor µs an event {spread(cpu[contender])}")
    return [
        Figure(f"job J, {named}: engine / {WORDS[other]}", ratio(rates["engine"], rates[other]), "×", *BOUNDS[other])
        for other in rates
        if other != "engine"
    ]


def main() -> None:
    """Compare on the embedded broker, and on a real Kafka where there can be one."""
    with embedded() as broker:
        report(compare(broker, "embedded broker"))
    reason = why_no_kafka()
    if reason:
        print(f"  real Kafka left out: {reason}")
        return
    with kafka() as broker:
        report(compare(broker, "real Kafka"))


if __name__ == "__main__":
    main()
