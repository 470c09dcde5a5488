import subprocess
import sys

_HANGS = "from deploy.ending import end_if_hung\nimport time\nend = end_if_hung({})\n{}"


def _ends_with(seconds: float, then: str) -> int:
    return subprocess.run([sys.executable, "-c", _HANGS.format(seconds, then)], check=False).returncode


def test_an_end_that_hangs_is_cut_short() -> None:
    assert _ends_with(0.01, "time.sleep(600)") == 70


def test_an_end_that_comes_in_time_is_left_alone() -> None:
    assert _ends_with(600, "") == 0
    assert _ends_with(600, "end.cancel()\nend.join(60)\nassert not end.is_alive()") == 0
