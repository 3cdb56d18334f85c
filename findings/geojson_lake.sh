#!/usr/bin/env bash
# An island in a lake is under water: polygons with holes lose their holes in VTK's reader of GeoJSON (VTK 9.7.2, shapely 2.2.0).
#
# RFC 7946 writes a polygon as an outer ring and any number of inner ones, its holes. vtkGeoJSONReader reads such a file without a
# word. Asked for polygons it gives the outer ring alone, filled; asked for triangles it cuts these out of the outer ring alone too:
# a lake of 84 with an island of 16 has an area of 100, and a point on the island lies in the lake. A MultiPolygon behaves alike.
# Outlines have no inner ring either. The feature's properties ("depth") are left out as well, unless each was declared with its
# name and type before reading.
#
# Truth: by hand (10 x 10 less 4 x 4), and shapely on the same text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 shapely==2.2.0 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import json
import os
import sys

import shapely
from shapely.geometry import shape
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOGeoJSON import vtkGeoJSONReader

SHORE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
ISLAND = [[3, 3], [3, 7], [7, 7], [7, 3], [3, 3]]
LAKE = {"type": "Polygon", "coordinates": [SHORE, ISLAND]}
LAKES = {"type": "MultiPolygon", "coordinates": [[SHORE, ISLAND], [[[20, 0], [22, 0], [22, 2], [20, 2], [20, 0]]]]}


def read(geometry, triangles=False, outlines=False):
    path = os.path.join(sys.argv[1], "lake.geojson")
    feature = {"type": "Feature", "properties": {"depth": 3.5}, "geometry": geometry}
    with open(path, "w") as file:
        json.dump({"type": "FeatureCollection", "features": [feature]}, file)
    reader = vtkGeoJSONReader()
    reader.SetFileName(path)
    reader.SetTriangulatePolygons(triangles)
    reader.SetOutlinePolygons(outlines)
    reader.Update()
    return reader.GetOutput()


def area(surface):
    sizes = vtkCellSizeFilter()
    sizes.SetInputData(surface)
    sizes.Update()
    found = sizes.GetOutput().GetCellData().GetArray("Area")
    return sum(found.GetValue(cell) for cell in range(found.GetNumberOfValues()))


print("VTK", vtkVersion.GetVTKVersion(), "shapely", shapely.__version__)
changed = 0
for name, geometry, true, described in (("Polygon", LAKE, 84, 100), ("MultiPolygon", LAKES, 88, 104)):
    assert shape(geometry).area == true, "shapely subtracts the island"
    for kind, triangles in (("polygons", False), ("triangles", True)):
        seen = area(read(geometry, triangles=triangles))
        same = abs(seen - described) < 1e-9
        changed += not same
        print(f"{name} as {kind}: true area {true}, shapely {shape(geometry).area:g}, VTK {seen:g}"
              + ("" if same else f"  CHANGED, described as {described}"))
outline = read(LAKE, outlines=True)
corners = {outline.GetPoint(point)[:2] for point in range(outline.GetNumberOfPoints())}
names = [outline.GetCellData().GetArrayName(number) for number in range(outline.GetCellData().GetNumberOfArrays())]
seen = (3.0, 3.0) in corners, names
print("as outlines: the island's corners are there:", seen[0], "- arrays of cells:", seen[1])
changed += seen != (False, ["feature-id"])
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: holes of polygons are filled"
