"""Sets up logs: one line an event on standard error, quiet libraries."""

import logging
import sys

import structlog

_NOISY = {
    "kafka": logging.ERROR,
    "streams.engine.on_faust": logging.ERROR,
    "mode.timers": logging.ERROR,
    "faust": logging.ERROR,
    "mode": logging.ERROR,
    "aiokafka": logging.ERROR,
}
"""Overlapping-timer and join-retry warnings of the libraries are expected here; their errors are not hidden."""


def set_up_logs(level: str = "info") -> None:
    """Log at `level` and above; library noise only from its errors on.

    The root logger is never left at DEBUG: aiokafka formats every request at that level.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(number, logging.INFO), stream=sys.stderr, format="%(message)s", force=True)
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
