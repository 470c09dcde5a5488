"""Sets up logs: one line an event on standard error, quiet libraries."""

import logging
import sys

import structlog

_NOISY = {
    "kafka": logging.CRITICAL,
    "streams.engine.on_faust": logging.ERROR,
    "mode.timers": logging.ERROR,
    "faust": logging.ERROR,
    "mode": logging.ERROR,
    "aiokafka": logging.ERROR,
}
"""Overlapping-timer and join-retry warnings of the libraries are expected here; their errors are not hidden.

Those of kafka-python, with which topics are made and looked up, come as exceptions too; what it logs says less.
"""

_LINE = "%(asctime)s [%(levelname)s] %(message)s"
_AGAIN_SECONDS = 30.0
_KEPT_MAX = 1_000


class Sparing(logging.Filter):
    """Lets the same line of a library by once in half a minute: of a broker that is away it tells many times a second.

    The next one says how many were left out.
    """

    def __init__(self) -> None:
        """Nothing is told yet."""
        super().__init__()
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is told."""
        line = (record.name, record.getMessage())
        since, more = self._told.get(line, (record.created - _AGAIN_SECONDS, 0))
        if record.created - since < _AGAIN_SECONDS:
            self._told[line] = since, more + 1
            return False
        if len(self._told) >= _KEPT_MAX:
            self._told.clear()
        self._told[line] = record.created, 0
        if more:
            record.msg, record.args = f"{line[1]} ({more} times more since)", ()
        return True


def set_up_logs(level: str = "info") -> None:
    """Log at `level` and above; library noise only from its errors on.

    The root logger is never left at DEBUG: aiokafka formats every request at that level.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(number, logging.INFO), stream=sys.stderr, format=_LINE, force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Sparing())
    for name, floor in _NOISY.items():
        logging.getLogger(name).setLevel(floor)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.ExceptionRenderer(),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
