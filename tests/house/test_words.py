"""What must not stand in a file: places and hosts of one machine, leftovers, words without a meaning."""

import re
from pathlib import Path
from typing import Any

SIZE_MAX_BYTES = 300_000

# One letter of each word stands in brackets, so that this file does not hold what it looks for.
_MACHINE = re.compile(r"(?<![.\w])/(?:wor[k]|far[m]|roo[t]|tmp/brief[s])/")
_HOSTS = re.compile(r"pyp[i]\.org|pythonhoste[d]\.org|registry\.npmj[s]\.org|npmmirro[r]\.com|proxy\.golan[g]\.org")
_LEFTOVER = re.compile(r"\b(?:FIXM[E]|TOD[O]|XX[X])\b")
_MAKERS = re.compile(
    r"\b(?:this|next|first|later|earlier) (?:issu[e]|sessio[n])\b|\bissu[e] #?\d|\bsub-?agen[t]s?\b|\bAI agen[t]s?\b"
    r"|\blanguage mode[l]s?\b|Co-Authored-B[y]",
    re.IGNORECASE,
)
_EMPTY_NAMES = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|common|misc)(?:_|$)")


def _hits(texts: dict[Path, str], wanted: re.Pattern[str]) -> list[str]:
    found = []
    for path, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if match := wanted.search(line):
                found.append(f"{path}:{number}: {match.group()}")
    return found


def test_no_file_names_a_place_on_one_machine(kept_texts: dict[Path, str]) -> None:
    hits = _hits(kept_texts, _MACHINE)
    assert not hits, f"say it from the root of the project: {hits}"


def test_no_file_names_the_host_of_a_package_registry(kept_texts: dict[Path, str]) -> None:
    hits = _hits(kept_texts, _HOSTS)
    assert not hits, f"names and versions only, every machine has its own source of packages: {hits}"


def test_no_lock_file_keeps_addresses(kept_texts: dict[Path, str]) -> None:
    locks = {path: text for path, text in kept_texts.items() if "lock" in path.name}
    hits = _hits(locks, re.compile(r'"resolve[d]"'))
    assert not hits, f"write it with omit-lockfile-registry-resolved=true: {hits[:3]}"


def test_nothing_is_left_over(kept_texts: dict[Path, str]) -> None:
    hits = _hits(kept_texts, _LEFTOVER)
    assert not hits, f"do it, or write a record of why not: {hits}"


def test_the_repository_speaks_of_the_product_and_not_of_how_it_was_made(kept_texts: dict[Path, str]) -> None:
    hits = _hits(kept_texts, _MAKERS)
    assert not hits, f"say what the product does: {hits}"


def test_no_module_has_a_name_that_says_nothing(modules: list[Any], test_modules: list[Any]) -> None:
    empty = [str(m.path) for m in [*modules, *test_modules] if _EMPTY_NAMES.search(m.path.stem.removeprefix("test_"))]
    assert not empty, f"name these for what they hold: {empty}"


def test_no_kept_file_is_large(kept_files: list[Path], root: Path) -> None:
    large = [f"{path}: {size} bytes" for path in kept_files if (size := (root / path).stat().st_size) > SIZE_MAX_BYTES]
    assert not large, f"at most {SIZE_MAX_BYTES} bytes a file (pictures: fewer colours): {large}"
