"""What a benchmark reports: figures with what they must and should be, printed and kept in bench.json."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FILE = Path("bench.json")
"""A list of {name, value, unit, must, aim}; not in git. Each benchmark replaces its own figures in it."""


@dataclass(frozen=True)
class Figure:
    """One figure. `must` and `aim` are bounds; absent where the figure is for information.

    `at_most`: the bounds are from above (times, memory), else from below (rates, ratios).
    """

    name: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    at_most: bool = False

    def verdict(self) -> str:
        """How the figure stands to its bounds; empty without any."""
        if self.must is None:
            return ""
        if self._reaches(self.aim):
            return "aim reached"
        return "holds" if self._reaches(self.must) else "MISSED"

    def _reaches(self, bound: float | None) -> bool:
        if bound is None:
            return False
        return self.value <= bound if self.at_most else self.value >= bound


def report(figures: Sequence[Figure]) -> None:
    """Print the figures and put them into bench.json in place of those of the same names."""
    for figure in figures:
        sign = "≤" if figure.at_most else "≥"
        told = (("must", figure.must), ("aim", figure.aim))
        bounds = "  ".join(f"{word} {sign} {bound:g}" for word, bound in told if bound is not None)
        line = f"  {figure.name:<66} {figure.value:>14,.3f} {figure.unit:<12} {bounds:<28} {figure.verdict()}"
        print(line.rstrip(), flush=True)
    names = {figure.name for figure in figures}
    kept = [old for old in json.loads(FILE.read_text()) if old["name"] not in names] if FILE.exists() else []
    new = [{key: getattr(figure, key) for key in ("name", "value", "unit", "must", "aim")} for figure in figures]
    FILE.write_text(json.dumps([*kept, *new], indent=1, ensure_ascii=False) + "\n")


def machine() -> str:
    """What was measured on; ratios travel between machines, absolute figures do not."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, CPython {platform.python_version()}"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of interleaved repeats."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def spread(values: Sequence[float]) -> str:
    """Median with least and most, for a reader who wants to know how noisy a run was."""
    return f"{median(values):,.0f} [{min(values):,.0f} – {max(values):,.0f}]"
