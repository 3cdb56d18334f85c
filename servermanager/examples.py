"""Real data to try things with, as files of this machine: `session.open(examples.frog())`."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from services_core import ConfigurationError


def frog() -> str:
    """Return the path of a segmented frog, an image of labels from 0 (outside) to 29, 500 x 470 x 136 points.

    It comes with the package pyvista (extra `examples`), which is not imported. A server on another machine has it
    at a place of its own. Raises ConfigurationError, which says what to install, where it is not there.
    """
    found = importlib.util.find_spec("pyvista")
    path = Path(found.origin).parent / "examples" / "frog_tissues.vti" if found and found.origin else None
    if path is None or not path.exists():
        tried = f"{path} is not there" if path else "the package pyvista is not installed"
        raise ConfigurationError(
            f"the frog comes with the extra `examples`, and {tried}: pip install 'async-paraview[examples]'"
        )
    return str(path)
