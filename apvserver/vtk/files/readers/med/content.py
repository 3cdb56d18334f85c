"""What is in a MED file: meshes, groups and fields, as arrays. Without VTK.

MED 3 and 4 keep in HDF5, after the description of the format: ENS_MAA/MESH/STEP/MAI/KIND/NOD for cells, FAS for
families and their groups, CHA/FIELD/STEP/SUPPORT/PROFILE/CO for numbers. Tables have one column after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from itertools import pairwise
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.errors import FileError

KINDS: Final = {
    "PO1": (1, 1), "SE2": (3, 2), "SE3": (21, 3), "SE4": (35, 4), "TR3": (5, 3), "TR6": (22, 6), "TR7": (34, 7),
    "QU4": (9, 4), "QU8": (23, 8), "QU9": (28, 9), "TE4": (10, 4), "T10": (24, 10), "PY5": (14, 5), "P13": (27, 13),
    "PE6": (13, 6), "P15": (26, 15), "P18": (32, 18), "HE8": (12, 8), "H20": (25, 20), "H27": (29, 27), "O12": (16, 12),
}  # fmt: skip
"""VTK's number and the number of points of MED's kinds of cells."""
POLYGON, POLYHEDRON = "POG", "POE"
ORDERS: Final = {"H27": (*range(20), 24, 22, 21, 23, 20, 25, 26)}
"""Where in MED's order the points are which VTK has first, second, ..., where they differ by more than the sense."""
_OLDEST: Final = 3
_NO_NUMBER: Final = -1
_NAME_BYTES: Final = 16
_GRID: Final = 1
_CARTESIAN_AXES, _CURVED_AXES = 0, 2


@dataclass
class Cells:
    """Cells of one kind: rows of points; of polygons and polyhedra a list of points, or of faces, for each."""

    kind: str
    rows: Any
    families: Any = None


@dataclass
class Mesh:
    """A mesh at a time."""

    points: Any
    cells: list[Cells]
    families: Any = None
    point_groups: dict[str, list[int]] = field(default_factory=dict)
    cell_groups: dict[str, list[int]] = field(default_factory=dict)
    """By name: the families that belong to it."""
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Support:
    """Numbers of a field on nodes ("") or cells of a kind: a row for each of `members`, for all if that is None."""

    kind: str
    values: Any
    members: Any


@dataclass
class Field:
    """A field: of which mesh, what its components are called, and by time what it is."""

    name: str
    mesh: str
    components: list[str]
    steps: dict[float, list[Support]] = field(default_factory=dict)
    left_out: bool = False
    """Some of its numbers are at several places in a cell."""


class Content:
    """A file that is open. Raises `FileError`, OSError and KeyError where it is not as MED has it."""

    def __init__(self, file: Any) -> None:
        self._file = file
        version = file["INFOS_GENERALES"].attrs if "INFOS_GENERALES" in file else {}
        if (major := int(version.get("MAJ", _OLDEST))) < _OLDEST:
            raise FileError(
                f"it is of version {major} of MED; those from {_OLDEST} on are read: convert it with mdump or Salome"
            )
        self._by_number = self._has_equal_times()

    def meshes(self) -> list[str]:
        """Return the names of the meshes."""
        return list(self._file["ENS_MAA"])

    def times(self) -> tuple[float, ...]:
        """Return the times of all fields, or their numbers if times of one are equal, as those of modes may be.

        There are none if the only one is 0, which programs write that know no time.
        """
        found = {self._time(step) for one in self._fields() for step in one.values() if _is_numbered(step)}
        return tuple(sorted(found)) if found != {0.0} else ()

    def numbers_for_times(self) -> bool:
        """Return whether steps are told apart by their numbers."""
        return self._by_number

    def mesh(self, name: str, time: float | None) -> Mesh:
        """Return a mesh as it is at a time."""
        group = self._file["ENS_MAA"][name]
        if int(group.attrs.get("REP", 0)) != 0:
            raise FileError(f"the mesh {name!r} is in cylindrical or spherical coordinates, which are not read")
        steps = sorted(group.values(), key=lambda one: (float(one.attrs.get("PDT", 0)), int(one.attrs.get("NDT", 0))))
        if not steps:
            raise FileError(f"the mesh {name!r} has no points")
        before = [one for one in steps if time is None or float(one.attrs.get("PDT", 0)) <= time]
        step = before[-1] if before and time is not None else steps[0]
        made = _grid(group, step) if int(group.attrs.get("TYP", 0)) == _GRID else _cells(group, step)
        if name in self._file.get("FAS", {}):
            made.point_groups = dict(_groups(self._file["FAS"][name], "NOEUD"))
            made.cell_groups = dict(_groups(self._file["FAS"][name], "ELEME"))
        return made

    def fields(self) -> Iterator[Field]:
        """Yield the fields with their numbers."""
        for group in self._fields():
            name = group.name.rpartition("/")[2]
            made = Field(name, _text(group.attrs.get("MAI", b"")), _names(group.attrs.get("NOM", b"")))
            count = int(group.attrs["NCO"])
            for step in group.values():
                found = made.steps.setdefault(self._time(step), [])
                for key, supports in step.items():
                    on, _, kind = key.partition(".")
                    for profile, one in supports.items():
                        places = int(one.attrs.get("NGA", 1))
                        made.mesh = made.mesh or _text(one.attrs.get("MAI", b""))
                        if places > 1 or (on, bool(kind)) not in (("NOE", False), ("MAI", True)):
                            made.left_out = True
                            continue
                        values = one["CO"][:].reshape(count, -1).T
                        found.append(Support(kind, values, self._members(profile, len(values))))
            yield made

    # --- inside

    def _fields(self) -> list[Any]:
        return list(self._file["CHA"].values()) if "CHA" in self._file else []

    def _has_equal_times(self) -> bool:
        for one in self._fields():
            times = Counter(float(step.attrs.get("PDT", 0)) for step in one.values())
            if times and max(times.values()) > 1:
                return True
        return False

    def _time(self, step: Any) -> float:
        return float(step.attrs.get("NDT" if self._by_number else "PDT", 0))

    def _members(self, profile: str, count: int) -> Any:
        found = self._file.get("PROFILS", {}).get(profile)
        if found is None:
            return None
        members = found["PFL"][:] - 1
        if len(members) != count:
            raise FileError(f"the profile {profile!r} has {len(members)} members, and a field {count} rows on it")
        return members


def _is_numbered(step: Any) -> bool:
    return int(step.attrs.get("NDT", _NO_NUMBER)) != _NO_NUMBER or int(step.attrs.get("NOR", _NO_NUMBER)) != _NO_NUMBER


def _text(value: Any) -> str:
    return (value.decode("latin-1") if isinstance(value, bytes) else str(value)).strip("\0 ")


def _names(value: Any) -> list[str]:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return [text[at : at + _NAME_BYTES].strip("\0 ") for at in range(0, len(text), _NAME_BYTES)]


def _groups(families: Any, of: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each group of nodes or cells, and the numbers of the families in it."""
    found: dict[str, list[int]] = {}
    for family in families[of].values() if of in families else ():
        for row in family["GRO"]["NOM"][:] if "GRO" in family else ():
            name = bytes(np.asarray(row, np.int8).tobytes()).split(b"\0")[0].decode("utf-8", "replace").strip()
            found.setdefault(name, []).append(int(family.attrs["NUM"]))
    yield from found.items()


def _cells(group: Any, step: Any) -> Mesh:
    """Return a mesh of cells, polyhedra last."""
    polyhedra: list[Cells] = []
    nodes = step["NOE"]
    points = nodes["COO"][:].reshape(int(group.attrs["ESP"]), -1).T
    made = Mesh(points, [], nodes["FAM"][:] if "FAM" in nodes else None)
    for kind, one in step["MAI"].items() if "MAI" in step else ():
        if "NOD" not in one:
            continue
        numbers = one["NOD"][:] - 1
        families = one["FAM"][:] if "FAM" in one else None
        if kind == POLYGON:
            made.cells.append(Cells(kind, _split(numbers, one["INN"][:] - 1), families))
        elif kind == POLYHEDRON:
            faces = _split(numbers, one["INN"][:] - 1)
            starts = one["IFN"][:] - 1
            polyhedra = [Cells(kind, [faces[start:end] for start, end in pairwise(starts)], families)]
        elif kind in KINDS:
            made.cells.append(Cells(kind, numbers.reshape(KINDS[kind][1], -1).T, families))
        else:
            made.left_out.append(kind)
    made.cells += polyhedra
    return made


def _split(numbers: Any, starts: Any) -> list[Any]:
    return [numbers[start:end] for start, end in pairwise(starts)]


def _grid(group: Any, step: Any) -> Mesh:
    """Return a grid of boxes as cells, the first axis first."""
    nodes, form = step["NOE"], int(group.attrs.get("GTY", _CARTESIAN_AXES))
    if form == _CARTESIAN_AXES:
        axes = [nodes[f"IN{at}"][:] for at in (1, 2, 3) if f"IN{at}" in nodes]
        shape = [len(one) for one in axes]
        points = np.column_stack([one.ravel(order="F") for one in np.meshgrid(*axes, indexing="ij")])
    elif form == _CURVED_AXES:
        shape = [int(one) for one in np.atleast_1d(nodes["FIN"][:] if "FIN" in nodes else nodes.attrs["FIN"])]
        points = nodes["COO"][:].reshape(int(group.attrs["ESP"]), -1).T
    else:
        raise FileError("a grid along polar axes is not read")
    numbers = np.arange(np.prod(shape)).reshape(shape, order="F")
    corners = {1: "0 1", 2: "00 10 11 01", 3: "000 100 110 010 001 101 111 011"}[len(shape)].split()
    columns = []
    for corner in corners:
        part = tuple(slice(int(at), size - 1 + int(at)) for at, size in zip(corner, shape, strict=True))
        columns.append(numbers[part].ravel(order="F"))
    families = nodes["FAM"][:] if "FAM" in nodes else None
    return Mesh(points, [Cells({1: "SE2", 2: "QU4", 3: "HE8"}[len(shape)], np.column_stack(columns))], families)
