"""Kill -9 in the middle of an import, import again: the same end state as without."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from end_state import answers, end_state, hallwatch, program, real_log

RECEIPT = real_log("receipt.xes.gz")
pytestmark = pytest.mark.skipif(not RECEIPT.exists(), reason=f"the real log {RECEIPT.name} is not on this machine")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    run = hallwatch("import", RECEIPT, folder=folder)
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1] == "8,577 events of 1,434 cases taken in, 0 set aside"
    state = end_state(folder)
    assert len(state["case_events"]) == 8_577
    assert len(state["cases"]) == 1_434
    return state


@pytest.mark.parametrize("share", [0.2, 0.6])
def test_a_killed_import_ends_as_one_that_was_not(
    share: float, undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    killed = subprocess.Popen(program("import", RECEIPT, folder=tmp_path), stdout=subprocess.DEVNULL)
    journal = tmp_path / "journal"
    whole = 8_577 * 300  # bytes of the journal, about
    end = time.monotonic() + 60
    while time.monotonic() < end and killed.poll() is None:
        if sum(file.stat().st_size for file in journal.glob("*")) > share * whole:
            break
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert killed.returncode == -signal.SIGKILL, "the import was over before it was killed"
    again = hallwatch("import", RECEIPT, folder=tmp_path)
    assert again.returncode == 0
    assert end_state(tmp_path) == undisturbed


def test_the_same_file_twice_adds_nothing(undisturbed: dict[str, list[str]], tmp_path: Path) -> None:
    hallwatch("import", RECEIPT, folder=tmp_path)
    counts = ", ".join(f"(SELECT count() FROM {kind}_history FINAL) AS {kind}" for kind in ("findings", "alerts"))
    history = f"SELECT {counts}"
    before = answers(tmp_path, history)
    hallwatch("import", RECEIPT, folder=tmp_path)
    assert answers(tmp_path, history) == before
    assert end_state(tmp_path) == undisturbed
