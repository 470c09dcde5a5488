"""Python's garbage collector among a million rows: what stays is taken out of its rounds, and rounds are made rarer.

Nothing of ours needs it but what breaks (tracebacks, ended tasks). A full round over the due index and the decoded rows
of a large shard holds everything up for half a second, several times in ten.
"""

import gc

_USUAL = gc.get_threshold()
_RARE = (10_000, 20, 50)


def begin() -> None:
    """A worker starts: the records that it reads back come and go by the million."""
    gc.set_threshold(*_RARE)


def settle() -> None:
    """A worker has taken over its rows: they are not looked at again."""
    gc.freeze()


def release() -> None:
    """A worker has ended: what it held is looked at like anything else."""
    gc.unfreeze()
    gc.set_threshold(*_USUAL)
