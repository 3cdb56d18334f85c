"""An algorithm of our own: reads GeoJSON; VTK's reader fills holes, leaves properties out and loses open corners."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersGeneral import vtkContourTriangulator

from ...base.data_making import add_array, cells_of, points_of
from ...base.errors import FileError
from ..contents.geojson_properties import columns
from .own_reader import OwnReader

_FEWEST: Final = {"Point": 1, "LineString": 2, "Polygon": 3}
_SAME_AREA: Final = 1e-9


class vtkGeoJSONReader(OwnReader):  # stands for the class of VTK
    """vtkGeoJSONReader - Reads GeoJSON (RFC 7946): points, lines and polygons, with the properties of their features.

    Polygons with holes are cut into triangles. Arrays of cells: feature (its number from 0), id, and the properties.
    """

    OUTPUTS = ("vtkPolyData",)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return vertices, then lines, then polygons."""
        features = _features(path)
        parts = _Parts()
        for number, feature in enumerate(features):
            parts.feature = number
            try:
                parts.add(feature.get("geometry"))
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                raise FileError(f"{path}: feature {number}: {error}") from error
        lacking = sum(feature.get("geometry") is None for feature in features)
        if lacking:
            self.warn(f"{path}: {lacking} of {len(features)} features have no geometry, and are left out")
        if parts.uncut:
            self.warn(
                f"{path}: holes cannot be cut out of the polygons of the features {parts.uncut}, as where rings cross; "
                "their outlines are shown instead"
            )
        return (_surface(parts, features),)


class _Parts:
    """Vertices, lines and polygons of all features: the numbers of their points, and of their feature."""

    def __init__(self) -> None:
        self.feature = 0
        self.places: list[Any] = []
        self.cells: tuple[list[Any], ...] = ([], [], [])
        self.of_feature: tuple[list[int], ...] = ([], [], [])
        self.uncut: list[int] = []
        self._count = 0

    def add(self, geometry: Any) -> None:
        """Add a geometry of any type; None is none."""
        if geometry is None:
            return
        kind = geometry.get("type")
        if kind == "GeometryCollection":
            for one in geometry["geometries"]:
                self.add(one)
            return
        single = str(kind).removeprefix("Multi")
        if single not in _FEWEST:
            raise ValueError(f"{kind!r} is no geometry of GeoJSON")
        for one in [geometry["coordinates"]] if kind == single else geometry["coordinates"]:
            self._add_one(single, one)

    def _add_one(self, kind: str, coordinates: Any) -> None:
        if kind != "Polygon":
            places = _places([coordinates] if kind == "Point" else coordinates, _FEWEST[kind])
            self._cell(0 if kind == "Point" else 1, self._points(places))
            return
        rings = [_open(_places(ring, _FEWEST[kind])) for ring in coordinates]
        if len(rings) == 1:
            self._cell(2, self._points(rings[0]))
        elif rings:
            self._add_with_holes(rings)

    def _add_with_holes(self, rings: list[Any]) -> None:
        turned = [ring if (_area(ring) > 0) is (number == 0) else ring[::-1] for number, ring in enumerate(rings)]
        places = np.concatenate(turned)
        numbers = self._points(places)
        triangles = _cut(turned, places)
        if triangles is None:
            self.uncut.append(self.feature)
            for end, ring in zip(np.cumsum([len(one) for one in turned]).tolist(), turned, strict=True):
                outline = numbers[end - len(ring) : end]
                self._cell(1, np.append(outline, outline[0]))
            return
        for triangle in numbers[triangles]:
            self._cell(2, triangle)

    def _points(self, places: Any) -> Any:
        """Return the numbers of points that are added."""
        first, self._count = self._count, self._count + len(places)
        self.places.append(places)
        return np.arange(first, self._count)

    def _cell(self, kind: int, numbers: Any) -> None:
        self.cells[kind].append(numbers)
        self.of_feature[kind].append(self.feature)


def _features(path: str) -> list[dict[str, Any]]:
    try:
        content = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path}: this is no JSON, is it complete? {error}") from error
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection":
        found = content.get("features")
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise FileError(f"{path}: its features are no list of objects")
        return found
    if kind == "Feature":
        return [content]
    if str(kind).removeprefix("Multi") in _FEWEST or kind == "GeometryCollection":
        return [{"geometry": content}]
    what = "it has no type" if kind is None else f"{kind!r} is none of GeoJSON"
    raise FileError(f"{path}: {what}; a FeatureCollection, a Feature or a geometry can be read")


def _places(coordinates: Any, fewest: int) -> Any:
    """Return rows of x, y and z. Raises `ValueError`."""
    try:
        found = np.array([one[:3] for one in coordinates], float)
    except (TypeError, ValueError):
        found = np.zeros((0, 0))
    if found.ndim != 2 or found.shape[1] not in (2, 3) or not np.isfinite(found).all():
        raise ValueError("its places are no lists of two or three numbers")
    if len(found) < fewest:
        raise ValueError(f"it needs {fewest} places or more, and has {len(found)}")
    return found if found.shape[1] == 3 else np.column_stack((found, np.zeros(len(found))))


def _open(ring: Any) -> Any:
    """Leave out the last place, which repeats the first."""
    return ring[:-1] if len(ring) > 1 and (ring[0] == ring[-1]).all() else ring


def _area(ring: Any) -> float:
    """Return the area of the shadow on z = 0; positive if it goes counter-clockwise."""
    x, y = (ring - ring[0])[:, :2].T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _cut(rings: list[Any], places: Any) -> Any:
    """Return corners of triangles with the area of the first ring less that of the others; None if they have not."""
    starts = np.cumsum([0, *(len(ring) for ring in rings)])
    loops = [np.append(np.arange(begin, end), begin) for begin, end in pairwise(starts)]
    outlines = vtkPolyData()
    outlines.SetPoints(points_of(places - places[0]))
    outlines.SetLines(cells_of(np.cumsum([0, *map(len, loops)]), np.concatenate(loops)))
    triangulator = vtkContourTriangulator()
    triangulator.SetInputData(outlines)
    triangulator.TriangulationErrorDisplayOff()
    triangulator.Update()
    cells = triangulator.GetOutput().GetPolys()
    if not cells.GetNumberOfCells() or cells.GetMaxCellSize() != 3:
        return None
    found = vtk_to_numpy(cells.GetConnectivityArray()).reshape(-1, 3)
    corners = (places - places[0])[found][:, :, :2]
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    wanted = sum(map(_area, rings))
    area = float(np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]).sum()) / 2
    return found if abs(area - wanted) <= _SAME_AREA * abs(_area(rings[0])) else None


def _surface(parts: _Parts, features: list[dict[str, Any]]) -> Any:
    made = vtkPolyData()
    made.SetPoints(points_of(np.concatenate(parts.places) if parts.places else np.zeros((0, 3))))
    for cells, give in zip(parts.cells, (made.SetVerts, made.SetLines, made.SetPolys), strict=True):
        if cells:
            give(cells_of(np.cumsum([0, *map(len, cells)]), np.concatenate(cells)))
    of_cells = np.array([one for kind in parts.of_feature for one in kind], np.int64)
    add_array(made.GetCellData(), "feature", of_cells)
    for name, values in columns(features):
        add_array(made.GetCellData(), name, values[of_cells])
    return made
