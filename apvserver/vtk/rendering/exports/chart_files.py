"""Charts as vectors: SVG, PDF and EPS."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkIOExport import vtkSVGExporter
from vtkmodules.vtkIOExportGL2PS import vtkGL2PSExporter
from vtkmodules.vtkIOExportPDF import vtkPDFExporter

from ...base.errors import VtkError

FORMATS: Final[dict[str, Any]] = {"svg": vtkSVGExporter, "pdf": vtkPDFExporter, "eps": vtkGL2PSExporter}


class NotExported(VtkError, RuntimeError):
    """VTK has not written a file of a chart, or not all of it."""


def chart_file(window: Any, format: str) -> bytes:
    """Return the file that shows what a window has just drawn of a chart. Raises NotExported."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"chart.{format}"
        exporter = FORMATS[format]()
        exporter.SetRenderWindow(window)
        if format == "eps":
            exporter.SetFileFormatToEPS()
            exporter.CompressOff()
            exporter.SetFilePrefix(str(path.with_suffix("")))
        else:
            exporter.SetFileName(str(path))
        if format == "svg":
            exporter.TextAsPathOff()
        exporter.Write()
        try:
            written = path.read_bytes()
        except OSError as error:
            raise NotExported(f"no {format} file was written of the chart: {error}") from error
    if format == "eps" and not written.isascii():
        lines = [line for line in written.split(b"\n") if not line.isascii()]
        raise NotExported(
            f"the fonts of EPS have ASCII letters only, and a text of the chart has others: "
            f"{lines[0].decode('utf-8', 'replace')[:60]}; .pdf and .svg hold all"
        )
    return written
