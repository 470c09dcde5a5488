"""When to write: regularly, and less often while far behind, for each row is then written once for more events."""

from collections.abc import Callable, Iterable

from streams.engine.log import Place
from streams.engine.on_faust.settings import EngineSettings


class Pace:
    """Whether a checkpoint is due. All times are seconds of one steady clock."""

    def __init__(
        self,
        settings: EngineSettings,
        behind: Callable[[], Iterable[tuple[Place, int, int]]],
        worked: Callable[[], int],
    ) -> None:
        """`behind`: partitions with more to work on, as place, where work stands, end. `worked`: how much is done."""
        self._settings = settings
        self._behind = behind
        self._worked = worked
        self._wrote = 0.0
        self._worked_then = 0

    def is_due(self, now: float, longest_seconds: float) -> bool:
        """Whether to write now: after `longest_seconds` in any case, before that only when not far behind.

        Far behind is who has more left to do than was done since the last checkpoint, and more than a batch.
        """
        if now - self._wrote >= longest_seconds:
            return True
        left = sum(end - at for _, at, end in self._behind())
        return left <= max(self._worked() - self._worked_then, self._settings.batch_max)

    def wrote(self, now: float) -> None:
        """A checkpoint began then, with everything that was worked on."""
        self._wrote = now
        self._worked_then = self._worked()
