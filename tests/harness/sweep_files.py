"""A good file for each reader of the sweep, written by VTK's own writers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from sweep_data import bare_image, hexahedra, image, numbers, of_cells, picture, rectilinear, sphere, structured, table
from sweep_kinds import collection, multiblock, partitioned
from vtkmodules.vtkIOGeometry import vtkGLTFWriter
from vtkmodules.vtkIONetCDF import vtkNetCDFCFWriter

from apvserver.vtk_bridge.writers import write_data


def _written(data: Any, path: str) -> str:
    write_data(path, data, {})
    return path


def _byte_image() -> Any:
    made = bare_image()
    made.GetPointData().SetScalars(numbers("bytes", np.arange(120, dtype=np.uint8)))
    return made


def _raw(directory: str) -> dict[str, Any]:
    path = os.path.join(directory, "a.raw")
    with open(path, "wb") as file:
        file.write(bytes(range(120)))
    return {"FileName": path, "DataExtent": [0, 5, 0, 4, 0, 3], "DataScalarType": 3}


def _climate(directory: str) -> dict[str, Any]:
    path, writer = os.path.join(directory, "a.nc"), vtkNetCDFCFWriter()
    writer.SetFileName(path)
    writer.SetInputData(_byte_image())
    writer.Write()
    return {"FileName": path}


def _scene(directory: str) -> dict[str, Any]:
    path, writer = os.path.join(directory, "a.gltf"), vtkGLTFWriter()
    writer.SetFileName(path)
    writer.SetInputData(multiblock(multiblock(sphere())))
    writer.Write()
    return {"FileName": path}


def _one(make: Callable[[], Any], extension: str, name: str = "FileName") -> Callable[[str], dict[str, Any]]:
    def written(directory: str) -> dict[str, Any]:
        path = _written(make(), os.path.join(directory, f"a.{extension}"))
        return {name: [path] if name.endswith("s") else path}

    return written


def _series(directory: str) -> dict[str, Any]:
    return {"FileNames": [_written(image(), os.path.join(directory, f"a{number}.vti")) for number in range(3)]}


FILES: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "LegacyVTKReader": _one(hexahedra, "vtk"),
    "PLYReader": _one(sphere, "ply"),
    "STLReader": _one(sphere, "stl"),
    "WavefrontOBJReader": _one(sphere, "obj"),
    "CSVReader": _one(table, "csv"),
    "IOSSReader": _one(lambda: collection(partitioned(of_cells(12))), "ex2", "FileNames"),
    "NIfTIReader": _one(_byte_image, "nii"),
    "ImageReader": _raw,
    "VTKHDFReader": _one(sphere, "vtkhdf"),
    "XMLImageDataReader": _one(image, "vti"),
    "XMLPolyDataReader": _one(sphere, "vtp"),
    "XMLUnstructuredGridReader": _one(hexahedra, "vtu"),
    "XMLStructuredGridReader": _one(structured, "vts"),
    "XMLRectilinearGridReader": _one(rectilinear, "vtr"),
    "XMLMultiBlockDataReader": _one(lambda: multiblock(image(), sphere()), "vtm"),
    "PNGSeriesReader": _one(picture, "png", "FileNames"),
    "NetCDFReader": _climate,
    "glTFReader": _scene,
    "FileSeriesReader": _series,
}
"""By the reader: a function of a directory that writes the file and returns the properties that name it."""
