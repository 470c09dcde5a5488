import gc

from streams.engine.on_faust.collector import MIDDLE, OLD, YOUNG, spare


def test_what_stands_is_left_alone_and_looks_are_rarer() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        spare()
        assert gc.get_threshold() == (YOUNG, MIDDLE, OLD)
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
