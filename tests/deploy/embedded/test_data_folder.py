"""The data folder of an embedded stack."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from deploy.embedded.data_folder import DataFolder, FolderInUseError, read_json, write_safely


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert not folder.is_owned()
    with folder.owned():
        assert folder.is_owned()
        with pytest.raises(FolderInUseError, match="in use"), DataFolder(tmp_path / "data").owned():
            pass
    assert not folder.is_owned()
    with folder.owned():
        pass


def test_the_owner_lets_go_after_kill_9(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from deploy.embedded.data_folder import DataFolder
        with DataFolder(Path({str(tmp_path)!r})).owned():
            print("owned", flush=True)
            time.sleep(600)
    """)
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    assert owner.stdout.readline() == "owned\n"
    assert DataFolder(tmp_path).is_owned()
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    assert not DataFolder(tmp_path).is_owned()


def test_a_running_stack_is_found_by_others_and_its_token_is_private(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert folder.running() is None
    with folder.owned():
        assert folder.running() is None
        folder.announce("http://127.0.0.1:1", "hush")
        running = folder.running()
        assert running
        assert (running.pid, running.address, running.token) == (os.getpid(), "http://127.0.0.1:1", "hush")
        assert "hush" not in repr(running)
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600
    assert folder.running() is None


def test_a_run_file_left_by_a_crash_is_not_believed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.announce("http://127.0.0.1:1", "old")
    assert folder.running() is None


def test_the_mask_key_is_made_once_and_private(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    key = folder.mask_key()
    assert len(key) == 32
    assert folder.mask_key() == key
    assert stat.S_IMODE((tmp_path / "mask.key").stat().st_mode) == 0o600


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "value.json"
    assert read_json(file) is None
    write_safely(file, b"[1]")
    write_safely(file, b"[2]")
    assert read_json(file) == [2]
    assert [path.name for path in file.parent.iterdir()] == ["value.json"]


def test_a_look_at_the_folder_keeps_nobody_from_owning_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with folder.owned():
        pass
    looking = True

    def look() -> None:
        while looking:
            DataFolder(tmp_path).is_owned()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for _ in range(200):
            with folder.owned():
                pass
    finally:
        looking = False
        watcher.join()


def test_a_mask_key_is_whole_or_not_there(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    (tmp_path / f"mask.key.{os.getpid()}").write_bytes(b"")  # a process of this number was killed while it made one
    assert len(folder.mask_key()) == 32
    assert [file.name for file in tmp_path.iterdir()] == ["mask.key"]
