"""Where the numbers of NetCDF files are: coordinates as their conventions mean them.

VTK's reader unpacks data and takes coordinates as they are stored; it takes 350, 0, 10 degrees for a way around the
Earth, has depths in equal steps begin above the surface, has a single level nowhere on a sphere, cells that go on
beyond the poles, and x in metres as degrees. The rules are those of CF: packed data, coordinate types, cell boundaries.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow

from async_paraview.records import dataclass

from ....base.data_making import array_of, points_of
from ....base.errors import FileError
from ...images.stored import Numbers
from .values import NotInstalled, dataset, meaning_of, named_arrays, unpack

_EAST: Final = re.compile("degrees?_?e")
_NORTH: Final = re.compile("degrees?_?n")
_TIME: Final = re.compile(" (since|after) ")
_TURN: Final = 360.0
_POLE: Final = 90.0
_NEAR: Final = 0.01
"""VTK takes coordinates for equal steps that are less than this part of a step beside them."""
_AXES: Final = "XYZ"
_CORNER_BYTES: Final = 4


@dataclass(frozen=True)
class Axis:
    """The coordinates along a dimension: of the values, and of the boundaries between the cells around them.

    `kind`: what VTK takes it for, "east", "north", "time", "up" or "". `in_degrees`: its unit says that it is an angle.
    `as_vtk`: that VTK finds the same boundaries.
    """

    values: Numbers
    bounds: Numbers
    kind: str
    in_degrees: bool
    as_vtk: bool


def correct_places(reader: Any, data: Any) -> None:
    """Put what vtkNetCDFCFReader has made where the file says. Raises `FileError` where that is not known."""
    path = reader.GetFileName()
    if not path or data is None or not data.IsA("vtkDataSet"):
        return
    with dataset(path) as file:
        variable = next((one for _, _, one in named_arrays(data, file)), None)
        if variable is None:
            return
        dimensions = list(variable.dimensions)
        if dimensions and _kind(file.variables.get(dimensions[0])) == "time":
            _tell_packed_times(path, file.variables[dimensions.pop(0)])
        around = _around(file, variable, dimensions)
        if around is not None:
            _place_around(reader, data, dimensions, around, file)
        elif 1 <= len(dimensions) <= len(_AXES):
            _place_along(reader, data, [_axis(file, one) for one in reversed(dimensions)])
    _ascend(data)


def correct_nodes(reader: Any, data: Any) -> None:
    """Unpack the places of the nodes that vtkNetCDFUGRIDReader has made."""
    path = reader.GetFileName()
    if not path or data is None or data.GetPoints() is None:
        return
    with dataset(path) as file:
        meshes = [one for one in file.variables.values() if getattr(one, "cf_role", "") == "mesh_topology"]
        names = str(getattr(meshes[0], "node_coordinates", "")).split() if meshes else []
        found = [file.variables[one] for one in names if one in file.variables]
        if not any(_is_packed(one) for one in found):
            return
        columns = [_unpacked(one, one[:]) for one in found]
    if len(columns) not in (2, 3) or any(one.shape != (data.GetNumberOfPoints(),) for one in columns):
        raise FileError("the coordinates of its nodes are packed, and are no list of two or three for each node")
    data.SetPoints(points_of(np.column_stack(columns)))


def check_connectivity(reader: Any) -> None:
    """Raise `FileError` for a mesh whose corners are no integers of 32 bits: VTK takes all for those."""
    path = reader.GetFileName()
    if not path or not Path(path).is_file():
        return
    try:
        with dataset(path) as file:
            corners = [
                file.variables.get(str(getattr(mesh, "face_node_connectivity", ""))) for mesh in file.variables.values()
            ]
            kinds = [found for one in corners if one is not None for found in _kinds_of_corners(one)]
    except (NotInstalled, OSError):
        return  # that is told when the values are looked at, or by the reader
    for name, kind in kinds:
        if not (kind.kind in "iu" and kind.itemsize == _CORNER_BYTES):
            raise FileError(
                f"{path}: {name} is stored as {kind}, and this reader takes integers of 32 bits only: write it as "
                f"numpy.int32, which is not what numpy and xarray do by themselves"
            )


def _kinds_of_corners(corners: Any) -> list[tuple[str, Any]]:
    """Return in which type the corners of cells are stored, and where they begin to count."""
    found = [(corners.name, np.dtype(corners.dtype))]
    if "start_index" in corners.ncattrs():
        found.append(("start_index", np.asarray(corners.start_index).dtype))
    return found


def _is_packed(variable: Any) -> bool:
    meaning = meaning_of(variable)
    return meaning is not None and (meaning.scale is not None or meaning.wraps)


def _unpacked(variable: Any, stored: Any) -> Numbers:
    """Return stored numbers as coordinates, which are never missing."""
    meaning = meaning_of(variable)
    if meaning is None:
        raise FileError(f"{variable.name} is a coordinate and holds no numbers")
    found = np.asarray(stored)
    if _is_packed(variable):
        found = unpack(found, meaning, unpacked=False)
    return found.astype(float)


def _kind(variable: Any) -> str:
    """Return what VTK takes a coordinate for."""
    if variable is None or len(variable.dimensions) != 1:
        return ""
    axis = {"X": "east", "Y": "north", "Z": "up", "T": "time"}.get(str(getattr(variable, "axis", "")))
    if axis is not None:
        return axis
    units = str(getattr(variable, "units", "")).lower()
    for kind, pattern in (("time", _TIME), ("north", _NORTH), ("east", _EAST)):
        if pattern.search(units):
            return kind
    return ""


def _axis(file: Any, name: str) -> Axis:
    """Return the coordinates along a dimension: those of the variable of its name, else numbers."""
    count = len(file.dimensions[name])
    variable = file.variables.get(name)
    if variable is None or variable.dimensions != (name,):
        return Axis(np.arange(float(count)), np.arange(count + 1) - 0.5, "", False, True)
    values = _unpacked(variable, variable[:])
    packed = _is_packed(variable)
    bounds = _bounds_of(file, variable, name, packed)
    kind, units = _kind(variable), str(getattr(variable, "units", "")).lower()
    down = "down" in str(getattr(variable, "positive", "")).lower()
    turned = _unwrapped(values) if kind == "east" and "degree" in units else values
    given = bounds is not None
    if bounds is None:
        bounds = _between(turned)
    beyond = kind == "north" and "degree" in units and np.abs(bounds).max() > _POLE
    if beyond:
        bounds = np.clip(bounds, -_POLE, _POLE)
    as_vtk = not (packed or beyond or count == 1 or (down and given)) and np.array_equal(turned, values)
    sign = -1.0 if down else 1.0
    return Axis(sign * turned, sign * bounds, kind, "degree" in units, as_vtk)


def _unwrapped(values: Numbers) -> Numbers:
    """Return longitudes as they go on, beyond a full turn or below 0, where they jump: 350, 0, 10 as 350, 360, 370."""
    found = np.unwrap(values, period=_TURN)
    return found if _is_monotonic(found) and not _is_monotonic(values) else values


def _is_monotonic(values: Numbers) -> bool:
    steps = np.diff(values)
    return bool((steps > 0).all() or (steps < 0).all())


def _bounds_of(file: Any, variable: Any, name: str, packed: bool) -> Numbers | None:
    """Return the boundaries that the file gives, one more than there are values."""
    given = file.variables.get(str(getattr(variable, "bounds", "")))
    if given is None or given.dimensions[:1] != (name,) or given.shape[1:] != (2,):
        return None
    stored = given[:]
    found = _unpacked(given, stored)
    if packed and not _is_packed(given):
        found = _packed_like(variable, given, stored)  # what boundaries do not say is said of their coordinate
    return np.append(found[:, 0], found[-1, 1])


def _packed_like(variable: Any, given: Any, stored: Any) -> Numbers:
    """Return boundaries that are stored as their coordinate is, which says how; others as they are."""
    meaning = meaning_of(variable)
    if meaning is None or given.dtype != variable.dtype:
        return np.asarray(stored, float)
    return np.asarray(unpack(np.asarray(stored), meaning, unpacked=False), float)


def _between(values: Numbers) -> Numbers:
    """Return the middles between values, and as much beyond the ends; a single one gets a width of 1."""
    if len(values) == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    step = (values[-1] - values[0]) / (len(values) - 1)
    return np.concatenate(([values[0] - step / 2], (values[:-1] + values[1:]) / 2, [values[-1] + step / 2]))


def _tell_packed_times(path: str, time: Any) -> None:
    meaning = meaning_of(time)
    if meaning is not None and meaning.scale is not None:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{path}: its times are packed, and are told as they are stored: the time is {meaning.offset:g} + "
            f"{meaning.scale:g} times that, {getattr(time, 'units', '')}"
        )


def _place_along(reader: Any, data: Any, axes: list[Axis]) -> None:
    """Place data whose coordinates are one list for each axis, the first of VTK's first."""
    lengths = [len(one.values) for one in axes]
    if data.IsA("vtkStructuredGrid") and _fits(data, [one + 1 for one in lengths]) and _is_of_cells(data):
        _place_on_sphere(reader, data, axes)
    elif data.IsA("vtkImageData") and _fits(data, lengths):
        _place_image(data, axes)
    elif data.IsA("vtkRectilinearGrid") and _fits(data, lengths):
        for number, (axis, name) in enumerate(zip(axes, _AXES, strict=False)):
            getattr(data, f"Set{name}Coordinates")(array_of(_part(axis.values, data, number), name))
    elif not all(one.as_vtk for one in axes):
        raise FileError(f"its coordinates cannot be put right in a {data.GetClassName()}; OutputType 'Automatic' does")


def _is_of_cells(data: Any) -> bool:
    return bool(data.GetCellData().GetNumberOfArrays() and not data.GetPointData().GetNumberOfArrays())


def _fits(data: Any, lengths: list[int]) -> bool:
    """Return whether data is a part of a grid of so many points."""
    extent = data.GetExtent()
    return all(0 <= extent[2 * at] <= extent[2 * at + 1] < length for at, length in enumerate(lengths))


def _part(values: Numbers, data: Any, number: int) -> Numbers:
    extent = data.GetExtent()
    return values[extent[2 * number] : extent[2 * number + 1] + 1]


def _place_image(data: Any, axes: list[Axis]) -> None:
    origin, spacing = list(data.GetOrigin()), list(data.GetSpacing())
    for number, axis in enumerate(axes):
        values = axis.values
        step = (values[-1] - values[0]) / (len(values) - 1) if len(values) > 1 else 1.0
        if abs(origin[number] - values[0]) > _NEAR * abs(step) or abs(spacing[number] - step) > _NEAR * abs(step):
            origin[number], spacing[number] = float(values[0]), float(step)
    data.SetOrigin(origin)
    data.SetSpacing(spacing)


def _place_on_sphere(reader: Any, data: Any, axes: list[Axis]) -> None:
    """Place the boundaries of cells on a sphere, or in a plane if they are no angles."""
    kinds = [one.kind for one in axes]
    if "east" not in kinds or "north" not in kinds:
        return
    east, north = kinds.index("east"), kinds.index("north")
    angles = axes[east].in_degrees and axes[north].in_degrees
    if angles and all(one.as_vtk for one in axes):
        return
    others = [at for at in range(len(axes)) if at not in (east, north)]
    spread = [_part(axis.bounds, data, at).reshape(-1, *[1] * at) for at, axis in enumerate(axes)]
    up = spread[others[0]] if others else None
    if angles:
        data.SetPoints(_on_sphere(reader, spread[east], spread[north], up, axes[others[0]].bounds if others else None))
    else:
        data.SetPoints(_side_by_side(spread[east], spread[north], up))


def _on_sphere(reader: Any, east: Numbers, north: Numbers, up: Numbers | None, heights: Numbers | None) -> Any:
    """Return points on a sphere, whose radius is the height, scaled as the reader is told and at least 0.

    Coordinates are spread as numpy does; `heights` are those of the whole grid, None if there are none.
    """
    scale, bias = reader.GetVerticalScale(), reader.GetVerticalBias()
    if up is None or heights is None:
        radius = np.array(scale + bias if scale + bias > 0 else 1.0)
    else:
        if min(heights.min() * scale, heights.max() * scale) + bias < 0:
            bias = -heights.min() * scale
        radius = up * scale + bias
    lon, lat = np.radians(east), np.radians(north)
    flat = radius * np.cos(lat)
    return _side_by_side(flat * np.cos(lon), flat * np.sin(lon), radius * np.sin(lat))


def _side_by_side(x: Numbers, y: Numbers, z: Numbers | None) -> Any:
    """Return points of coordinates that are spread as numpy does, one axis after the other; z is 0 if there is none."""
    shape = np.broadcast_shapes(x.shape, y.shape, () if z is None else z.shape)
    made = np.zeros((*shape, 3))
    made[..., 0], made[..., 1] = x, y
    if z is not None:
        made[..., 2] = z
    return points_of(made.reshape(-1, 3))


def _around(file: Any, variable: Any, dimensions: list[str]) -> tuple[Any, Any] | None:
    """Return the variables of longitudes and latitudes that the attribute `coordinates` names, of one or two axes."""
    found: dict[str, Any] = {}
    for name in str(getattr(variable, "coordinates", "")).split():
        one = file.variables.get(name)
        if one is None or not 1 <= one.ndim <= 2 or list(one.dimensions) != dimensions[len(dimensions) - one.ndim :]:
            continue
        units = str(getattr(one, "units", "")).lower()
        kind = "north" if _NORTH.search(units) else "east" if _EAST.search(units) else ""
        found.setdefault(kind, one)
    if "east" not in found or "north" not in found or found["east"].ndim != found["north"].ndim:
        return None
    return found["east"], found["north"]


def _place_around(reader: Any, data: Any, dimensions: list[str], around: tuple[Any, Any], file: Any) -> None:
    """Place data whose longitudes and latitudes are tables, if those are packed, or the one height has no step."""
    bounds = [file.variables.get(str(getattr(one, "bounds", ""))) for one in around]
    height = _axis(file, dimensions[0]) if len(dimensions) == 3 else None
    packed = [one.name for one in (*around, *bounds) if one is not None and _is_packed(one)]
    if not packed and (height is None or height.as_vtk):
        return
    shape = around[0].shape if around[0].ndim == 2 else ()
    lengths = [*reversed(shape), *([len(height.values)] if height is not None else [])]
    if None not in bounds or not shape or not data.IsA("vtkStructuredGrid") or not _fits(data, lengths):
        if packed:
            raise FileError(f"{', '.join(packed)} of cells with corners of their own are packed; ncpdq -U unpacks them")
        return
    extent = data.GetExtent()
    rows, columns = slice(extent[2], extent[3] + 1), slice(extent[0], extent[1] + 1)
    lon, lat = (_unpacked(one, one[rows, columns]) for one in around)
    up = _part(height.values, data, 2).reshape(-1, 1, 1) if height is not None else None
    if reader.GetSphericalCoordinates():
        data.SetPoints(_on_sphere(reader, lon, lat, up, height.values if height is not None else None))
    else:
        data.SetPoints(_side_by_side(lon, lat, up))


def _ascend(data: Any) -> None:
    """Turn around the axes whose coordinates descend, as latitudes often do: VTK finds no cells along such ones."""
    if data.IsA("vtkRectilinearGrid"):
        axes = [vtk_to_numpy(getattr(data, f"Get{name}Coordinates")()) for name in _AXES]
        turned = tuple(number for number, axis in enumerate(axes) if len(axis) > 1 and axis[0] > axis[-1])
        for number in turned:
            getattr(data, f"Set{_AXES[number]}Coordinates")(array_of(axes[number][::-1], _AXES[number]))
    elif data.IsA("vtkImageData"):
        turned = tuple(number for number, step in enumerate(data.GetSpacing()) if step < 0)
        extent, origin, spacing = data.GetExtent(), list(data.GetOrigin()), list(data.GetSpacing())
        for number in turned:
            origin[number] += (extent[2 * number] + extent[2 * number + 1]) * spacing[number]
            spacing[number] = -spacing[number]
        data.SetOrigin(origin)
        data.SetSpacing(spacing)
    else:
        return
    if turned:
        _turn_values(data, turned)


def _turn_values(grid: Any, turned: tuple[int, ...]) -> None:
    points = grid.GetDimensions()
    cells = tuple(max(1, one - 1) for one in points)
    for attributes, size in ((grid.GetPointData(), points), (grid.GetCellData(), cells)):
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArray(index)
            if array is not None:
                values = vtk_to_numpy(array).reshape(*size[::-1], array.GetNumberOfComponents())
                values[...] = np.flip(values, tuple(2 - number for number in turned)).copy()
                array.Modified()
