"""Charts as vectors: SVG files."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vtkmodules.vtkIOExport import vtkSVGExporter

from ...base.errors import VtkError
from .svg_corrections import Picture, Rectangle, corrected


class NotExported(VtkError, RuntimeError):
    """VTK has not written a file of a chart."""


def chart_file(window: Any, frames: Sequence[Rectangle], pictures: Sequence[Picture]) -> bytes:
    """Return the SVG file that shows what a window has just drawn of charts: see `corrected`. Raises NotExported."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chart.svg"
        exporter = vtkSVGExporter()
        exporter.TextAsPathOff()
        exporter.SetRenderWindow(window)
        exporter.SetFileName(str(path))
        exporter.Write()
        try:
            return corrected(path.read_bytes(), frames, pictures)
        except OSError as error:
            raise NotExported(f"no SVG file was written of the chart: {error}") from error
