"""A small good file for every curated reader, by VTK's writers or others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK
from vtkmodules.vtkCommonDataModel import vtkPartitionedDataSetCollection
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter

from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.types.catalog import construct

from . import simulations
from .other_writers import mesh, mrc
from .saving import blocks, curved, image, rectilinear, sphere, table, unstructured


def written(path: Path, data: Any) -> str:
    write_data(str(path), data, {})
    return str(path)


def stored(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def dicom(directory: Path) -> str:
    """Three slices, as SimpleITK writes them."""
    directory.mkdir()
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for number in range(3):
        plane = SimpleITK.Image([5, 4, 1], SimpleITK.sitkInt16)
        plane.SetOrigin((0, 0, number))
        plane.SetMetaData("0020|000e", "1.2.3")
        plane.SetMetaData("0020|0032", f"0\\0\\{number}")
        writer.SetFileName(str(directory / f"{number}.dcm"))
        writer.Execute(plane)
    return str(directory)


def ugrid(path: Path) -> str:
    mesh(path)
    return str(path)


NRRD = b"NRRD0004\ntype: uint8\ndimension: 3\nsizes: 5 4 3\nencoding: raw\n\n"


def exported(directory: Path, name: str, writer: str, data: Any) -> str:
    """A file that VTK writes and save_data does not."""
    made = construct(writer)
    made.SetInputDataObject(0, data)
    made.SetFileName(str(directory / name))
    made.Write()
    return str(directory / name)


def small_files(at: Path) -> dict[str, tuple[dict[str, Any], int]]:
    """By reader: its properties, and how many points or rows it has to find."""
    tetrahedra = vtkDataSetTriangleFilter()
    tetrahedra.SetInputData(image())
    tetrahedra.Update()
    numbers = at / "numbers.raw"
    numbers.write_bytes(bytes(range(60)))
    raw = {"FileName": str(numbers), "DataScalarType": 3, "DataExtent": [0, 4, 0, 3, 0, 2]}
    names = [written(at / f"s{number}.vtp", sphere()) for number in range(2)]
    exported(at, "ensight", "vtkEnSightWriter", tetrahedra.GetOutput())
    case = next(at.glob("ensight*.case"))
    simulations.cgns(at / "a.cgns")
    simulations.xdmf(at / "a.xmf")
    foam = simulations.openfoam(at / "foam")
    foam.write_text("\n")
    listed = at / "listed.pvd"
    listed.write_text(
        '<VTKFile type="Collection"><Collection><DataSet timestep="1" file="s0.vtp"/></Collection></VTKFile>',
        encoding="utf-8",
    )
    return {
        "CGNSReader": ({"FileName": str(at / "a.cgns")}, 24),
        "CSVReader": ({"FileName": written(at / "a.csv", table())}, 5),
        "EnSightReader": ({"CaseFileName": str(case)}, 60),
        "DICOMReader": ({"DirectoryName": dicom(at / "dicom")}, 60),
        "FileSeriesReader": ({"FileNames": names}, 50),
        "PVDReader": ({"FileName": str(listed)}, 50),
        "IOSSReader": ({"FileNames": [written(at / "a.ex2", tetrahedra.GetOutput())]}, 60),
        "ImageReader": (raw, 60),
        "LegacyVTKReader": ({"FileName": written(at / "a.vtk", image())}, 60),
        "MRCReader": ({"FileName": stored(at / "a.mrc", mrc(np.zeros((3, 4, 5), "f4"), 2))}, 60),
        "MetaImageReader": ({"FileName": written(at / "a.mha", image())}, 60),
        "NIfTIReader": ({"FileName": written(at / "a.nii", image())}, 60),
        "NetCDFReader": (
            {"FileName": exported(at, "a.nc", "vtkNetCDFCFWriter", image())},
            120,
        ),  # the 60 values are of cells
        "NrrdReader": ({"FileName": stored(at / "a.nrrd", NRRD + bytes(60))}, 60),
        "OpenFOAMReader": ({"FileName": str(foam)}, 12),
        "PLYReader": ({"FileName": written(at / "a.ply", sphere())}, 50),
        "PNGSeriesReader": ({"FileNames": [written(at / "a.png", image((5, 4, 1), "uint8"))]}, 20),
        "STLReader": ({"FileName": written(at / "a.stl", sphere())}, 50),
        "TIFFReader": ({"FileName": written(at / "a.tif", image((5, 4, 1), "uint8"))}, 20),
        "UGRIDReader": ({"FileName": ugrid(at / "mesh.nc")}, 4),
        "VTKHDFReader": ({"FileName": written(at / "a.vtkhdf", unstructured(image()))}, 60),
        "WavefrontOBJReader": ({"FileName": written(at / "a.obj", sphere())}, 50),
        "XDMFReader": ({"FileName": str(at / "a.xmf")}, 16),
        "Xdmf3ReaderS": ({"FileName": str(at / "a.xmf")}, 16),
        "Xdmf3ReaderT": ({"FileName": str(at / "a.xmf")}, 16),
        "XMLImageDataReader": ({"FileName": written(at / "a.vti", image())}, 60),
        "XMLMultiBlockDataReader": ({"FileName": written(at / "a.vtm", blocks())}, 100),
        "XMLPartitionedDataSetCollectionReader": ({"FileName": written(at / "a.vtpc", collection())}, 50),
        "XMLPolyDataReader": ({"FileName": names[0]}, 50),
        "XMLRectilinearGridReader": ({"FileName": written(at / "a.vtr", rectilinear())}, 12),
        "XMLStructuredGridReader": ({"FileName": written(at / "a.vts", curved())}, 60),
        "XMLUnstructuredGridReader": ({"FileName": written(at / "a.vtu", unstructured(image()))}, 60),
        "glTFReader": ({"FileName": exported(at, "a.gltf", "vtkGLTFWriter", scene())}, 50),
    }


def collection() -> Any:
    """A collection of one part."""
    made = vtkPartitionedDataSetCollection()
    made.SetPartition(0, 0, sphere())
    return made


def scene() -> Any:
    """What vtkGLTFWriter takes: buildings, each a composite of meshes."""
    outer, inner = construct("vtkGroupDataSetsFilter"), construct("vtkGroupDataSetsFilter")
    for filter, data in ((inner, sphere()), (outer, None)):
        filter.SetOutputTypeToMultiBlockDataSet()
        filter.AddInputDataObject(inner.GetOutputDataObject(0) if data is None else data)
        filter.Update()
    return outer.GetOutputDataObject(0)
