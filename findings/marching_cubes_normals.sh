#!/usr/bin/env bash
# Normals of scikit-image's marching cubes are not normal to its surface when voxels are not cubes (scikit-image 0.26.0).
#
# skimage.measure.marching_cubes(volume, level, spacing=...) returns vertices in world units and, beside them, one normal for each
# vertex. The vertices are scaled by the spacing, the normals are gradients by index, unscaled. An expert who gives the spacing to
# the very call that makes both expects both in the same space; with the spacing of a usual CT (5 x 0.7 x 0.7 mm) the normals of a
# flat surface are wrong by 44 degrees. They are of unit length and vary smoothly, so nothing looks broken: shading, curvature,
# offsets along normals and Poisson reconstruction are just wrong. VTK's three ways to the same surface take the spacing into account.
#
# Truth: the level set of x + y + z in world units is a plane whose normal is (1, 1, 1) / sqrt(3); the triangles that scikit-image
# itself returns have that normal, and so have the point normals of VTK 9.7.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: scikit-image==0.26.0 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import skimage
from skimage.measure import marching_cubes
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkContourFilter, vtkFlyingEdges3D, vtkMarchingCubes

PLANE = np.ones(3) / np.sqrt(3)


def degrees(normals):
    """Largest angle between lines, whichever way a normal points."""
    return float(np.degrees(np.arccos(np.clip(np.abs(normals @ PLANE), 0, 1))).max())


def by_skimage(volume, level, spacing):
    points, faces, normals, _ = marching_cubes(volume, level=level, spacing=spacing)
    corners = points[faces].astype(float)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(across, axis=1)
    good = length > 1e-3 * length.max()
    return degrees(across[good] / length[good, None]), degrees(normals)


def by_vtk(kind, volume, level, spacing):
    image = vtkImageData()
    image.SetDimensions(volume.shape[::-1])
    image.SetSpacing(spacing[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(volume.ravel(), deep=True))
    contour = kind()
    contour.SetInputData(image)
    contour.SetValue(0, level)
    contour.ComputeNormalsOn()
    contour.Update()
    return degrees(vtk_to_numpy(contour.GetOutput().GetPointData().GetNormals()).astype(float))


print("scikit-image", skimage.__version__, "VTK", vtkVersion.GetVTKVersion())
changed = 0
for spacing, wrong in (((1.0, 1.0, 1.0), 0.0), ((5.0, 0.7, 0.7), 43.5), ((1.0, 2.0, 4.0), 28.1)):
    z, y, x = (index * step for index, step in zip(np.mgrid[0:13, 0:13, 0:13].astype(float), spacing))
    volume = x + y + z
    level = 6.137 * sum(spacing)
    triangles, normals = by_skimage(volume, level, spacing)
    others = [by_vtk(kind, volume, level, spacing) for kind in (vtkFlyingEdges3D, vtkMarchingCubes, vtkContourFilter)]
    same = triangles < 0.5 and max(others) < 0.5 and abs(normals - wrong) < 0.5
    changed += not same
    print(f"spacing {spacing}: degrees off the plane: skimage triangles {triangles:.2f}, skimage normals {normals:.2f} "
          f"(described {wrong}), VTK normals {[round(other, 2) for other in others]}" + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: marching_cubes scales its vertices by the spacing, but not its normals"
