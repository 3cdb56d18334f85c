"""What is said of a worker's end, and what of it is to blame for it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from apvserver import activity
from apvserver.activity import Activity
from apvserver.hosting.workers.endings import Ending, how_it_ended
from apvserver.memory import OTHER_EXCEPTION

CONTOUR = Activity("executing Contour (proxy 3)", proxy=3)
DRAWING = Activity("drawing a RenderView")


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (Ending(0), "ended with exit code 0"),
        (Ending(3), "ended with exit code 3"),
        (Ending(OTHER_EXCEPTION), "was ended by an exception of C++ that nothing has caught"),
        (Ending(-11), "was ended by SIGSEGV"),
        (Ending(-11, (CONTOUR,)), "was ended by SIGSEGV, while executing Contour (proxy 3)"),
        (Ending(-6, (CONTOUR, DRAWING)), "was ended by SIGABRT, while executing Contour (proxy 3) and " + DRAWING.what),
        (Ending(-99), "was ended by signal 99"),
        (Ending(None), "has ended, and how is not known: the process that could tell has ended, too"),
        (Ending(-9, (CONTOUR,), reason="was not ready"), "was not ready, while executing Contour (proxy 3)"),
    ],
)  # fmt: skip
def test_words(ending: Ending, said: str) -> None:
    assert how_it_ended(ending) == said


def test_who_is_to_blame() -> None:
    killed = Ending(-int(signal.SIGTERM), (CONTOUR,))
    assert Ending(-int(signal.SIGSEGV), (CONTOUR,)).suspects(None) == (CONTOUR,)
    assert Ending(OTHER_EXCEPTION, (CONTOUR,)).suspects(None) == (CONTOUR,)
    assert killed.suspects(None) == ()
    assert killed.suspects(killed) == (CONTOUR,), "from outside, but twice in a row"
    assert killed.suspects(Ending(-11, (DRAWING,))) == ()
    assert Ending(-9, (CONTOUR,), reason="was not ready").suspects(None) == ()
    assert Ending(-9, (CONTOUR,), reason="used too much", by_what_it_executed=True).suspects(None) == (CONTOUR,)


def test_what_threads_were_at_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "_file", None)
    assert activity.left_in(tmp_path) == ()
    activity.begin(activity.EXECUTING, "nothing is kept yet")
    activity.keep_in(tmp_path)
    assert activity.left_in(tmp_path) == ()
    activity.begin(activity.EXECUTING, "executing Contour (proxy 3)", proxy=3)
    activity.begin(activity.DRAWING, "drawing a RenderView")
    assert activity.left_in(tmp_path) == (CONTOUR, DRAWING)
    activity.end(activity.EXECUTING)
    assert activity.left_in(tmp_path) == (DRAWING,)
    activity.begin(activity.DRAWING, "x" * 1000)
    (cut,) = activity.left_in(tmp_path)
    assert 200 < len(cut.what) < 256
