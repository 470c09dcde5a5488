"""An end that cannot hang."""

import os
import threading

_HUNG = 70
"""Exit code of a process whose clean end hung."""


def end_if_hung(seconds: float) -> threading.Timer:
    """A thread of its own ends a process whose clean end hangs: a supervisor then starts it anew. Cancel it in time."""
    timer = threading.Timer(seconds, os._exit, (_HUNG,))
    timer.daemon = True
    timer.start()
    return timer
