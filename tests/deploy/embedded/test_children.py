"""Child processes that never outlive their parent."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from deploy.embedded.children import ChildError, resident_megabytes, start_broker, start_child, stop_child


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_broker_dies_with_a_parent_that_is_killed() -> None:
    code = textwrap.dedent("""
        import time
        from deploy.embedded.children import start_broker
        child, _ = start_broker()
        print(child.pid, flush=True)
        time.sleep(600)
    """)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    broker = int(parent.stdout.readline())
    assert _alive(broker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 60
    while _alive(broker) and time.monotonic() < end:
        time.sleep(0.01)
    assert not _alive(broker)


def test_ctrl_c_in_the_terminal_does_not_reach_a_child() -> None:
    child, _ = start_broker()
    try:
        assert os.getpgid(child.pid) != os.getpgid(0)
        assert resident_megabytes(child.pid) > 1
    finally:
        stop_child(child)
    assert child.returncode is not None


def test_a_child_is_not_started_from_another_thread() -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            start_child(["true"])
        except ChildError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ChildError, match="no-such-program"):
        start_child(["no-such-program"])
