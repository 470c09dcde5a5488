"""The data folder of an embedded stack: who owns it, where things lie in it, and how to reach a running stack."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import msgspec

from streams.contracts.errors import SpokenError
from streams.contracts.words import Words

_TRIES = 20
_PAUSE_SECONDS = 0.05


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A stack that is up on a data folder. `token` opens its write routes; the file is readable by its owner only."""

    pid: int
    address: str
    token: str

    def __repr__(self) -> str:
        """Everything but the token."""
        return f"Running(pid={self.pid}, {self.address})"


class FolderInUseError(SpokenError):
    """Another process owns the data folder; the text says which."""


class DataFolder:
    """Where an embedded stack keeps what must survive it."""

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is made yet."""
        self.root = root
        self.journal = root / "journal"
        self.store = root / "store"
        self.registry = root / "registry"
        self.snapshot = root / "snapshot"
        self.reports = root / "reports"
        self._run_file = root / "running.json"

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Own the folder for the length of a `with`; the kernel lets go of it even after kill -9.

        Raises:
            FolderInUseError: another process owns it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a") as lock:
            self._take(lock)
            try:
                yield
            finally:
                self._run_file.unlink(missing_ok=True)

    def _take(self, lock: TextIO) -> None:
        """Lock, trying for a second: others lock for an instant to see whether anybody owns the folder."""
        for _ in range(_TRIES):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(_PAUSE_SECONDS)
        running = self.running()
        who = Words("另一个进程", "another process")
        if running:
            stack = running.address, running.pid
            who = Words(f"{stack[0]} 的运行实例（进程 {stack[1]}）", f"a stack at {stack[0]} (process {stack[1]})")
        raise FolderInUseError(f"{self.root} is in use by {who.en}", zh=f"{self.root} 正被{who.zh}使用")

    def is_owned(self) -> bool:
        """Whether a process owns the folder now."""
        try:
            with (self.root / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def running(self) -> Running | None:
        """The stack that is up on this folder and serves pages, if one is."""
        if not self.is_owned():
            return None
        try:
            return msgspec.json.decode(self._run_file.read_bytes(), type=Running)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def announce(self, address: str, token: str) -> None:
        """Say that the pages are served at `address`, with the token of this run."""
        running = Running(pid=os.getpid(), address=address, token=token)
        handle = os.open(self._run_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(running))

    def mask_key(self) -> bytes:
        """The key that masks personal data in this folder; made once, readable by its owner only."""
        self.root.mkdir(parents=True, exist_ok=True)
        file = self.root / "mask.key"
        if not file.exists():
            beside = self.root / f"mask.key.{os.getpid()}"
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as made:
                made.write(secrets.token_bytes(32))
                made.flush()
                os.fsync(made.fileno())
            with contextlib.suppress(FileExistsError):  # whoever was first has made it
                os.link(beside, file)
            beside.unlink()
        return file.read_bytes()


def write_safely(file: Path, content: bytes) -> None:
    """Replace a file so that a crash leaves the old one or the new one, whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".new")
    with beside.open("wb") as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    put_in_place(beside, file)


def put_in_place(beside: Path, file: Path) -> None:
    """Give a whole new file its name, and make the name durable: what relies on it may be thrown away then."""
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_json(file: Path) -> object:
    """A JSON file's value, or None where the file is absent."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
