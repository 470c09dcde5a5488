"""Runs benchmarks, each in a process of its own: `python tests/bench/run.py [name …]`; no name: all of them."""

import subprocess
import sys
import time
from pathlib import Path

BENCHMARKS = {
    "road": "events through the whole embedded road next to a plain loop on the same topic",
    "job_j": "the counting job against plain aiokafka, naive Faust and Quix Streams",
    "judging": "the full job: judging with state and fact topics, and what a case weighs in memory",
    "judgements": "judging alone: an event in order, a case of fifteen events anew, a due instant",
    "restore": "a million rows read back by a worker that starts",
    "latency": "how late events are worked on at 20,000 a second",
    "due_at_once": "a thousand of a million subjects due at the same instant",
    "replanning": "a registry version that touches 100,000 of a million cases, with live events meanwhile",
}
"""Every benchmark and what it measures; each is a module beside this one."""

ROOT = Path(__file__).parents[2]


def main(wanted: list[str]) -> int:
    """Run what is wanted; the exit code is 1 where a benchmark broke (a missed figure is told, and no failure)."""
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    broken = []
    for name in wanted or BENCHMARKS:
        print(f"==> {name}: {BENCHMARKS[name]}", flush=True)
        begun = time.monotonic()
        done = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], cwd=ROOT, check=False)
        print(f"    {time.monotonic() - begun:.0f} s", flush=True)
        if done.returncode:
            broken.append(name)
    if broken:
        print(f"broke: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
