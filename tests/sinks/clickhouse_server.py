"""A real ClickHouse on loopback for tests, where npm can bring one: run as a program, this module is the server."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sinks.stores.clickhouse import ClickHouseSettings, ClickHouseStore
from streams.contracts.errors import UnavailableError

PACKAGE = "@chdb/lib-linux-x64-gnu"
RELEASE = "26.7.3-stable.1"
"""The newest release whose library can listen; it is not the package's latest tag."""
_CACHE = Path.home() / ".cache" / "hallwatch-tests" / f"clickhouse-{RELEASE}"
_FOREVER = (
    "SELECT sum(sleepEachRow(1)) FROM numbers(100000000) "
    "SETTINGS max_block_size=1, function_sleep_max_microseconds_per_block=0 FORMAT Null"
)


@contextmanager
def running_clickhouse() -> Iterator[int]:
    """A server of ours on a free port of loopback; the test is skipped where npm cannot bring one."""
    library = _library()
    if library is None:
        pytest.skip(f"no ClickHouse server: npm and {PACKAGE} {RELEASE} are needed")
    port, http_port = _free_port(), _free_port()
    folder = _CACHE / f"data-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    server = subprocess.Popen(
        ["env", "TZ=Asia/Shanghai", sys.executable, __file__, str(library), str(folder), str(port), str(http_port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(server, port)
        yield port
    finally:
        # It does not heed SIGTERM; a kill loses nothing that it has acknowledged.
        server.send_signal(signal.SIGKILL)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _library() -> Path | None:
    library = _CACHE / "node_modules" / PACKAGE / "libchdb.so"
    if library.exists():
        return library
    npm = shutil.which("npm")
    if npm is None or sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        _CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "install", "--prefix", str(_CACHE), "--no-fund", "--no-audit", "--silent", f"{PACKAGE}@{RELEASE}"],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
    return library if library.exists() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(server: "subprocess.Popen[bytes]", port: int) -> None:
    probe = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=port, database="default"))
    give_up = time.monotonic() + 120
    while True:
        try:
            probe.query("SELECT 1")
        except UnavailableError:
            assert server.poll() is None, "the ClickHouse server ended at once"
            assert time.monotonic() < give_up, "the ClickHouse server does not answer"
            time.sleep(0.05)
        else:
            probe.close()
            return


def _listen(library: str, folder: str, port: str, http_port: str) -> None:
    """Run as the server itself: the library carries the whole of `clickhouse local`, which can be told to listen."""
    so = ctypes.CDLL(library)
    arguments = [
        "clickhouse",
        "--multiquery",
        f"--path={folder}",
        "--listen_host=127.0.0.1",
        f"--tcp_port={port}",
        f"--http_port={http_port}",
        "--logger.log=/dev/null",
        f"--query=SYSTEM START LISTEN TCP; {_FOREVER}",
    ]
    given = (ctypes.c_char_p * (len(arguments) + 1))(*[argument.encode() for argument in arguments], None)
    so.query_stable_v2(len(arguments), given)


if __name__ == "__main__":
    _listen(*sys.argv[1:5])
