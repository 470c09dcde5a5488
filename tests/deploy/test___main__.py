import subprocess
import sys
from pathlib import Path


def test_the_module_is_the_program_and_tells_an_expected_error_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy", "sql", "SELECT 1", "--data", str(tmp_path / "none")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 2
    assert run.stderr == f"hallwatch: {tmp_path / 'none'} 中还没有数据：先用 hallwatch up、demo 或 import\n"
