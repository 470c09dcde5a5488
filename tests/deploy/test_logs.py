import logging

import pytest
import structlog

from deploy.logs import set_up_logs

pytestmark = pytest.mark.usefixtures("logs")


def test_an_event_is_one_line_on_standard_error_and_what_is_below_the_level_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("warning")
    log = structlog.get_logger()
    log.info("not worth it")
    log.warning("record set aside", place="a:1")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "record set aside" in err
    assert "place=a:1" in err


def test_an_error_of_ours_comes_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    try:
        raise KeyError("lost")
    except KeyError as error:
        structlog.get_logger().error("a task broke", exc_info=error)
    assert "KeyError: 'lost'" in capsys.readouterr().err


def test_libraries_are_heard_from_their_errors_on_and_never_below_info(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("debug")
    assert logging.getLogger().level == logging.INFO
    logging.getLogger("aiokafka.consumer").warning("joining again")
    logging.getLogger("aiokafka.consumer").error("gone")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("[ERROR] gone")


def test_a_library_that_repeats_itself_is_heard_once_in_half_a_minute_with_what_was_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs()
    for second in (0, 1, 29.9, 30, 31):
        record = logging.makeLogRecord(
            {"name": "aiokafka", "levelno": logging.ERROR, "msg": "no answer from %d", "args": (1,), "created": second}
        )
        logging.getLogger().handle(record)
    logging.getLogger("aiokafka").error("no answer from 2")
    said = [line.partition("] ")[2] for line in capsys.readouterr().err.splitlines()]
    assert said == ["no answer from 1", "no answer from 1 (2 times more since)", "no answer from 2"]
