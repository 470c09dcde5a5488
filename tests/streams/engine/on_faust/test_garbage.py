import gc

from streams.engine.on_faust.garbage import begin, release, settle


def test_what_is_there_when_a_worker_begins_is_left_alone_until_it_ends() -> None:
    usual = gc.get_threshold()
    rows = [[n] for n in range(100)]
    begin()
    settle()
    try:
        assert gc.get_freeze_count() > len(rows)
        assert gc.get_threshold()[0] > usual[0]
    finally:
        release()
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == usual
