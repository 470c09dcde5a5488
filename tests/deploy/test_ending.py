import subprocess
import sys

_HANGS = "from deploy.ending import end_if_hung\nimport time\nend_if_hung({}){}\ntime.sleep({})"


def _ends_with(seconds: float, then: str, sleeps: float) -> int:
    return subprocess.run([sys.executable, "-c", _HANGS.format(seconds, then, sleeps)], check=False).returncode


def test_an_end_that_hangs_is_cut_short() -> None:
    assert _ends_with(0.01, "", 600) == 70


def test_an_end_that_comes_in_time_is_left_alone() -> None:
    assert _ends_with(600, "", 0) == 0
    assert _ends_with(0.2, ".cancel()", 0.5) == 0
