from streams.engine.log import Place
from streams.engine.on_faust.pace import Pace
from streams.engine.on_faust.settings import EngineSettings

SETTINGS = EngineSettings(batch_max=100)


class Work:
    """So much is left, so much is done."""

    left = done = 0

    def pace(self) -> Pace:
        return Pace(SETTINGS, lambda: [(Place("notes", 0), 7, 7 + self.left)], lambda: self.done)


def test_who_keeps_up_writes_whenever_asked() -> None:
    work = Work()
    pace = work.pace()
    pace.wrote(10.0)
    work.left, work.done = 100, 0
    assert pace.is_due(10.01, 1.0)
    work.left, work.done = 500, 500
    assert pace.is_due(10.01, 1.0)


def test_who_is_far_behind_waits_but_not_for_ever() -> None:
    work = Work()
    pace = work.pace()
    work.done = 900
    pace.wrote(10.0)
    work.left, work.done = 201, 1_100
    assert not pace.is_due(10.99, 1.0)
    assert pace.is_due(11.0, 1.0)
    assert pace.is_due(10.25, 0.25)
    pace.wrote(11.0)
    assert not pace.is_due(11.5, 1.0)
