"""Kill -9 in the middle of an import, import again: the same end state as without."""

import gzip
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.flow.end_state import answers, begin, begin_to_kill, end_state, finish, real_log

RECEIPT = real_log("receipt.xes.gz")
EVENT_BYTES = 300
"""What an event comes to in the journal, about."""
pytestmark = pytest.mark.skipif(not RECEIPT.exists(), reason=f"the real log {RECEIPT.name} is not on this machine")


def _first_cases(count: int, folder: Path) -> Path:
    """The beginning of the log, as a log of its own."""
    file = folder / RECEIPT.name
    with gzip.open(RECEIPT, "rt", encoding="utf-8") as whole, gzip.open(file, "wt", encoding="utf-8") as part:
        for line in whole:
            part.write(line)
            count -= "</trace>" in line
            if not count:
                break
        part.write("</log>\n")
    return file


def _kill_at(share: float, folder: Path, file: Path = RECEIPT, events: int = 8_577) -> None:
    """Begin an import and kill it once so much of the file is in the journal."""
    killed = begin_to_kill("import", file, folder=folder)
    try:
        end = time.monotonic() + 300
        while time.monotonic() < end and killed.poll() is None:
            if sum(file.stat().st_size for file in (folder / "journal").glob("*")) > share * events * EVENT_BYTES:
                break
            time.sleep(0.005)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    assert killed.returncode == -signal.SIGKILL, "the import ended by itself"


def _last(run: subprocess.CompletedProcess[str]) -> str:
    return run.stdout.splitlines()[-1]


def _whole(run: subprocess.CompletedProcess[str]) -> bool:
    """Whether an import says that it took the whole file in."""
    return run.returncode == 0 and _last(run) == "8,577 events of 1,434 cases taken in, 0 set aside"


def test_neither_a_kill_nor_a_second_import_changes_the_end(tmp_path: Path) -> None:
    calm, stormy, file = tmp_path / "calm", tmp_path / "stormy", _first_cases(300, tmp_path)
    undisturbed = begin("import", file, "--lang", "en", folder=calm)
    _kill_at(0.4, stormy, file, 1_800)
    said = _last(finish(undisturbed))
    assert said.endswith(" events of 300 cases taken in, 0 set aside")
    state = end_state(calm)
    assert len(state["cases"]) == 300
    assert f"{len(state['case_events']):,}" == said.split()[0]
    counts = ", ".join(f"(SELECT count() FROM {kind}_history FINAL) AS {kind}" for kind in ("findings", "alerts"))
    told = answers(calm, f"SELECT {counts}")

    after_the_kill, twice = (
        begin("import", file, "--lang", "en", folder=stormy),
        begin("import", file, "--lang", "en", folder=calm),
    )
    assert _last(finish(after_the_kill)) == said
    assert _last(finish(twice)) == said
    assert end_state(stormy) == state
    assert end_state(calm) == state, "the second import of the same file changed something"
    assert answers(calm, f"SELECT {counts}") == told


@pytest.mark.long
@pytest.mark.parametrize("shares", [(0.1,), (0.7,), (0.3, 0.5, 0.8)])
def test_a_kill_at_any_point_and_several_kills_change_nothing(shares: tuple[float, ...], tmp_path: Path) -> None:
    calm, stormy = tmp_path / "calm", tmp_path / "stormy"
    undisturbed = begin("import", RECEIPT, "--lang", "en", folder=calm)
    for share in shares:
        _kill_at(share, stormy)
    assert _whole(finish(begin("import", RECEIPT, "--lang", "en", folder=stormy)))
    assert _whole(finish(undisturbed))
    assert end_state(stormy) == end_state(calm)
