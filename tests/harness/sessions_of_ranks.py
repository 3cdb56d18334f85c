"""Built-in sessions on several ranks, and whether these can be started here."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from servermanager import sync

RANKS: Final = (2, 3)


def has_mpi() -> bool:
    """Whether ranks can be started: mpi4py, and a launcher beside this Python or in PATH."""
    beside = Path(sys.executable).parent / "mpiexec"
    return importlib.util.find_spec("mpi4py") is not None and (beside.exists() or shutil.which("mpiexec") is not None)


needs_mpi: Final = pytest.mark.skipif(not has_mpi(), reason="mpi4py or mpiexec is not installed (async-paraview[mpi])")


HANDED_OVER: Final = "64MiB"
"""Lines in images of that size are handed over between ranks: the least that can be asked for."""


def open_session(ranks: int) -> Any:
    """A session built in, in worker processes: as many as there are ranks."""
    variables = {"APV_COMMUNICATION_BACKEND": "zmq", "APV_RANKS": str(ranks), "APV_VTK_THREADS": "1"}
    if ranks > 1:
        variables["APV_STREAM"] = HANDED_OVER
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return sync.connect()


class SharedSessions:
    """One session for each number of ranks, opened when it is first asked for."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._sessions: dict[int, Any] = {}

    def __enter__(self) -> SharedSessions:
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    def on(self, ranks: int) -> Any:
        """The session on so many ranks."""
        if ranks not in self._sessions:
            self._sessions[ranks] = self._open.enter_context(open_session(ranks))
        return self._sessions[ranks]


def large_vectors(session: Any) -> Any:
    """An image so large that lines along its Gradient are handed over from one piece to others."""
    source = session.sources.Wavelet(WholeExtent=[-51, 51] * 3, Center=[5.0, -3.0, 17.0])
    for name in ("places", "same places"):
        source = session.filters.Calculator(Input=source, Function="coords", ResultArrayName=name)
    return session.filters.Gradient(Input=source, ScalarArray=["POINTS", "RTData"])
