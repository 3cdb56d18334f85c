"""Python's collector of garbage, on the thread of the window alone: elsewhere it would end widgets under Qt's hands."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QTimer

EVERY_MS: Final = 500


@contextlib.contextmanager
def collecting_here() -> Iterator[None]:
    """Have garbage collected by a timer of this thread, in the block, and by no other thread.

    Widgets that nobody refers to any more may be parts of circles. Python looks for those in whatever thread makes
    objects at that moment, the threads of the messaging layer included; Qt takes widgets from its own thread only.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.collect()
    gc.freeze()  # modules and what else has come to stay need not be looked at each time
    timer = QTimer(interval=EVERY_MS)
    timer.timeout.connect(collect_if_due)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.unfreeze()
        gc.collect()
        if was_enabled:
            gc.enable()


def collect_if_due() -> int:
    """Collect what Python itself would have collected by now; returns the generation, -1 if it was not due."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = [at for at in range(3) if counts[at] > thresholds[at]]
    if not due:
        return -1
    gc.collect(due[-1])
    return due[-1]
