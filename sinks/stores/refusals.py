"""Which of a store's errors pass by themselves, and which are the statement's own fault."""

import re

from streams.contracts.errors import UnavailableError

_CODE = re.compile(r"Code: (\d+)")

_PASSING = frozenset(
    {
        3,  # unexpected end of file: the connection broke
        159,  # timeout exceeded
        202,  # too many queries at once
        203,  # no free connection
        209,  # socket timeout
        210,  # network error
        241,  # memory limit
        242,  # table is read only
        243,  # not enough space on the disk
        252,  # too many parts: merges have to catch up
        373,  # session is locked
        425,  # system error, such as a disk that cannot be written to
        999,  # the keeper does not answer
    }
)
"""ClickHouse's error codes after which the same statement may succeed later."""


def refusal(text: str, code: int | None = None) -> UnavailableError | ValueError:
    """The error to raise for a store's message: wait and try again, or the statement is wrong."""
    if code is None:
        found = _CODE.search(text)
        code = int(found[1]) if found else 0
    return UnavailableError(text) if code in _PASSING else ValueError(text)
