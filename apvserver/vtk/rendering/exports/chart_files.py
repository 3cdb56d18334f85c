"""Charts as vectors: SVG and PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkIOExport import vtkSVGExporter
from vtkmodules.vtkIOExportPDF import vtkPDFExporter

from ...base.errors import VtkError
from .svg_corrections import Picture, Rectangle, corrected

FORMATS: Final[dict[str, Any]] = {"svg": vtkSVGExporter, "pdf": vtkPDFExporter}


class NotExported(VtkError, RuntimeError):
    """VTK has not written a file of a chart."""


def chart_file(window: Any, format: str, frames: Sequence[Rectangle], pictures: Sequence[Picture]) -> bytes:
    """Return the file that shows what a window has just drawn of charts: see `corrected`. Raises NotExported."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"chart.{format}"
        exporter = FORMATS[format]()
        if format == "svg":
            exporter.TextAsPathOff()
        exporter.SetRenderWindow(window)
        exporter.SetFileName(str(path))
        exporter.Write()
        try:
            return corrected(path.read_bytes(), frames, pictures) if format == "svg" else path.read_bytes()
        except OSError as error:
            raise NotExported(f"no {format} file was written of the chart: {error}") from error
