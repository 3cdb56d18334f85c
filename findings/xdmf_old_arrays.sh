#!/usr/bin/env bash
# Grids of XDMF that share their mesh share arrays, too: those of another function, or of a time before, with the values of then (VTK 9.7).
#
# In a series of XDMF steps usually name the same mesh in HDF5, so that it is stored once, and so do several functions on it. vtkXdmfReader keeps the grid that
# it has read first from such a place, arrays included, and fills later grids into it. An array that is written at the first of three times, as those of every
# tenth step are, is there at all times; the grid of a pressure has the temperature as well, at each time that of the first. Nothing says that they are old.
# With a copy of the same mesh under another name in the file for each grid, the same arrays are where they should be.
#
# Truth: what stands in the file: which attribute is in which grid, and the numbers that h5py reads.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 h5py==3.16.0 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - "$folder" <<'PY'
import sys

import h5py
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet
from vtkmodules.vtkIOXdmf2 import vtkXdmfReader

folder, changed = sys.argv[1], []
print("VTK", vtkVersion.GetVTKVersion(), "h5py", h5py.__version__)
GRIDS = {("heat", 0): ["T", "flaws"], ("heat", 1): ["T"], ("heat", 2): ["T"], ("flow", 0): ["p"], ("flow", 1): ["p"], ("flow", 2): ["p"]}
"""What the file has: by series and time."""


def item(name: str, size: str, kind: str) -> str:
    return f'<DataItem Dimensions="{size}" NumberType="{kind}" Precision="8" Format="HDF">a.h5:/{name}</DataItem>'


def write(copies: bool) -> None:
    text = '<Xdmf Version="2.0"><Domain>'
    with h5py.File(f"{folder}/a.h5", "w") as file:
        for series in ("heat", "flow"):
            text += f'<Grid Name="{series}" GridType="Collection" CollectionType="Temporal">'
            for step in range(3):
                mesh = f"mesh_{series}_{step}" if copies else "mesh"
                if f"{mesh}/cells" not in file:
                    file[f"{mesh}/cells"] = np.array([[0, 1, 2], [0, 2, 3]])
                    file[f"{mesh}/places"] = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
                text += (
                    f'<Grid Name="{series}"><Time Value="{step}"/><Topology TopologyType="Triangle" NumberOfElements="2">'
                    f'{item(mesh + "/cells", "2 3", "Int")}</Topology><Geometry GeometryType="XYZ">'
                    f'{item(mesh + "/places", "4 3", "Float")}</Geometry>'
                )
                for name in GRIDS[series, step]:
                    file[f"{name}_{step}"] = np.full(4, {"T": 300.0, "p": 1e5, "flaws": 7}[name] + step)
                    text += f'<Attribute Name="{name}" Center="Node">{item(f"{name}_{step}", "4", "Float")}</Attribute>'
                text += "</Grid>"
            text += "</Grid>"
    with open(f"{folder}/a.xdmf", "w") as stream:
        stream.write(text + "</Domain></Xdmf>")


def read() -> dict:
    """The value of each array, by series and time."""
    reader = vtkXdmfReader()
    reader.SetFileName(f"{folder}/a.xdmf")
    found = {}
    for step in range(3):
        reader.UpdateTimeStep(step)
        data = reader.GetOutputDataObject(0)
        for index in range(data.GetNumberOfBlocks()):
            name, arrays = data.GetMetaData(index).Get(vtkCompositeDataSet.NAME()), data.GetBlock(index).GetPointData()
            found[name, step] = {
                arrays.GetArrayName(number): float(vtk_to_numpy(arrays.GetArray(number))[0]) for number in range(arrays.GetNumberOfArrays())
            }
    return found


def right() -> dict:
    with h5py.File(f"{folder}/a.h5") as file:
        return {key: {name: float(file[f"{name}_{key[1]}"][0]) for name in names} for key, names in GRIDS.items()}


OLD = {
    ("heat", 0): {"T": 300, "flaws": 7}, ("heat", 1): {"T": 301, "flaws": 7}, ("heat", 2): {"T": 302, "flaws": 7},
    ("flow", 0): {"T": 300, "flaws": 7, "p": 1e5}, ("flow", 1): {"T": 300, "flaws": 7, "p": 100001},
    ("flow", 2): {"T": 300, "flaws": 7, "p": 100002},
}
for copies, wanted in ((True, None), (False, OLD)):
    write(copies)
    truth, found = right(), read()
    print("a mesh for each grid" if copies else "one mesh for all grids")
    for key in GRIDS:
        print(f"  {key[0]} at {key[1]}: {found.get(key)}, in the file {truth[key]}")
    if found != (wanted or truth):
        changed.append("a mesh for each" if copies else "one mesh for all")
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
PY
