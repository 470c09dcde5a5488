"""Foreign stamps to instants: many formats, the hall's zone, days without a time, clocks that were put back.

Formats seen in the wild: background.md B4.6 (ingress rule 5). A year that no service hall has worked in is a mistake of
typing or of a tool, and is refused with its field.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms

YEAR_MIN = 1990
YEAR_MAX = 2100


class ForeignTime(NamedTuple):
    """An instant as it was read.

    `date_only`: the stamp carried no time of day, the instant is local midnight.
    `doubt` is `ambiguous` where the local clock showed this time twice (the first is taken), `skipped` where it never
    did (the clock was put forward; the time before that is continued), else empty.
    """

    at: datetime
    date_only: bool = False
    doubt: str = ""


def check_year(at: datetime, field: str) -> None:
    """Refuse what cannot be a date of this business.

    Raises:
        UnreadableError: the year lies before 1990 or after 2100; names the field.
    """
    if not YEAR_MIN <= at.year <= YEAR_MAX:
        reason = f"the year {at.year} is not between {YEAR_MIN} and {YEAR_MAX}"
        raise UnreadableError(reason, zh=f"年份 {at.year} 不在 {YEAR_MIN} 至 {YEAR_MAX} 之间", field=field)


class TimeReader:
    """Reads stamps in the formats of one feed.

    A format is `iso` (with or without an offset), `epoch_ms`, `epoch_s`, or a pattern of strptime.
    With `midnight_is_date`, a stamp at exactly local midnight counts as a day without a time.
    """

    def __init__(self, formats: Sequence[str], zone: ZoneInfo, *, midnight_is_date: bool = False) -> None:
        """The formats are tried in their order."""
        self._zone = zone
        self._midnight_is_date = midnight_is_date
        self._formats = [(format_, _parser(format_)) for format_ in formats]

    def read(self, text: str, field: str) -> ForeignTime:
        """One stamp.

        Raises:
            UnreadableError: no format fits, or the year is not plausible; names the field.
        """
        text = text.strip()
        for format_, parse in self._formats:
            try:
                stamp = parse(text)
            except (ValueError, OverflowError):
                continue
            check_year(stamp, field)
            return self._found(stamp, date_only=_has_no_time(format_, text))
        names = ", ".join(format_ for format_, _ in self._formats)
        raise UnreadableError(f"no time in the formats {names}", zh=f"不是时间，格式应为 {names}", field=field)

    def _found(self, stamp: datetime, *, date_only: bool) -> ForeignTime:
        if stamp.tzinfo is None:
            local = stamp.replace(tzinfo=self._zone)
            doubt = _doubt(local)
        else:
            local, doubt = stamp, ""
        if self._midnight_is_date and local.astimezone(self._zone).time() == time():
            date_only = True
        return ForeignTime(local.astimezone(UTC), date_only, doubt)


def _doubt(local: datetime) -> str:
    first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
    if first == second or first is None or second is None:
        return ""
    return "ambiguous" if first > second else "skipped"


def _parser(format_: str) -> Callable[[str], datetime]:
    if format_ == "iso":
        return datetime.fromisoformat
    if format_ == "epoch_ms":
        return lambda text: from_ms(int(text))
    if format_ == "epoch_s":
        return lambda text: from_ms(round(float(text) * 1000))
    return lambda text: datetime.strptime(text, format_)  # noqa: DTZ007 - the zone is the hall's, given later


def _has_no_time(format_: str, text: str) -> bool:
    if format_ == "iso":
        return len(text) <= len("2026-11-23")
    return not format_.startswith("epoch") and not any(part in format_ for part in ("%H", "%I", "%X", "%c"))
