import io

from rich.console import Console

from deploy.coming_up import JOURNAL, ROWS, nobody, start_bars


def test_a_terminal_sees_how_far_each_thing_is() -> None:
    shown = io.StringIO()
    with start_bars(Console(file=shown, force_terminal=True, width=120)) as tell:
        tell(ROWS, 0, 400)
        tell(ROWS, 100, 400)
        tell(JOURNAL, 1, 3)
    assert "恢复状态 restoring rows" in shown.getvalue()
    assert "25%" in shown.getvalue()
    assert "33%" in shown.getvalue()


def test_a_file_gets_no_bars() -> None:
    written = io.StringIO()
    with start_bars(Console(file=written)) as tell:
        tell(ROWS, 100, 400)
    assert written.getvalue().strip() == ""


def test_without_a_console_nobody_is_told() -> None:
    with start_bars(None) as tell:
        assert tell is nobody
        tell(ROWS, 1, 2)
