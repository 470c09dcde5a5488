"""What is wrong with a hall's folder, so that whoever edits it finds the place."""

from collections.abc import Iterable

import msgspec

from streams.contracts.words import Language, Words


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `line` counts from 1; 0 means the file as a whole. `field` is a column or a key."""

    file: str
    line: int
    field: str
    reason_zh: str
    reason_en: str

    def text(self, lang: Language = "zh") -> str:
        """File, line, field and reason on one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        reason = self.reason_zh if lang == "zh" else self.reason_en
        return f"{place} {self.field}: {reason}" if self.field else f"{place} {reason}"


def problems_text(problems: Iterable[Problem]) -> Words:
    """Every problem on a line of its own."""
    listed = list(problems)
    return Words("\n".join(one.text("zh") for one in listed), "\n".join(one.text("en") for one in listed))


class Notes:
    """Collects the problems of one file."""

    def __init__(self, file: str) -> None:
        """Start with none."""
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, field: str, reason_zh: str, reason_en: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(file=self.file, line=line, field=field, reason_zh=reason_zh, reason_en=reason_en))
