"""The notebooks of examples/notebooks as they come out: `python -m tests.harness.example_notebooks` writes them anew.

What their cells show is stored in them, as in notebooks that somebody has run, and compared by tests. What reads and
runs notebooks takes seconds to import, so that only what does so imports it.
"""

from __future__ import annotations

import io
import os
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from .apvtest import ROOT
from .jupyter_lab import jupyter_share
from .time_limits import scaled

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER: Final = ROOT / "examples" / "notebooks"
CELL_S: Final = 60.0


def notebooks() -> list[Path]:
    """All of them."""
    return sorted(FOLDER.glob("*.ipynb"))


def stored(file: Path) -> NotebookNode:
    """A notebook as it is in its file."""
    import nbformat

    return nbformat.read(file, as_version=4)


def executed(file: Path) -> NotebookNode:
    """A notebook with what its cells show now. Raises nbclient's CellExecutionError for a cell that fails."""
    from nbclient import NotebookClient

    notebook = stored(file)
    client = NotebookClient(
        notebook, timeout=int(scaled(CELL_S)), kernel_name="python3", store_widget_state=False, record_timing=False,
        resources={"metadata": {"path": str(FOLDER)}},
    )  # fmt: skip
    with _variables(PYTHONPATH=str(ROOT), JUPYTER_PATH=str(jupyter_share())):
        client.execute()
    return notebook


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    """Variables of this process, and of the kernels that it starts."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def texts(cell: NotebookNode) -> list[str]:
    """What a cell shows as text, and prints."""
    return ["".join(output.get("text") or output["data"].get("text/plain", "")) for output in cell.get("outputs", ())]


def pictures(cell: NotebookNode) -> list[npt.NDArray[np.uint8]]:
    """The pictures that a cell shows: (height, width, 3) each."""
    held = [output["data"]["image/png"] for output in cell.get("outputs", ()) if "image/png" in output.get("data", {})]
    return [_pixels(b64decode("".join(one))) for one in held]


def _pixels(png: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"))


def _write(file: Path) -> None:
    import nbformat

    made: Any = executed(file)
    for at, cell in enumerate(made.cells):
        cell.id = f"cell-{at}"
        cell.metadata = {}
    made.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(made, file)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    for one in [Path(name).resolve() for name in sys.argv[1:]] or notebooks():
        _write(one)
