"""The Gaussian cube format: atoms, and numbers on a grid whose axes may be skewed. No VTK here."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.errors import FileError

BOHR: Final = 0.529177210903
"""In angstrom; CODATA 2018."""


@dataclass(frozen=True)
class Cube:
    """What a file says. Lengths are in its own unit: bohr, or angstrom where the counts of the axes are negative."""

    title: str
    unit: str
    origin: Any
    counts: tuple[int, int, int]
    axes: Any
    """The step along each axis, a row for each."""
    numbers: Any
    """The atomic numbers."""
    charges: Any
    places: Any
    names: tuple[str, ...]
    values: Any
    """A row for each point, x slowest and z fastest, and a column for each of the names."""

    @property
    def angstrom(self) -> float:
        """What lengths are multiplied by to be in angstrom."""
        return BOHR if self.unit == "bohr" else 1.0


def read_cube(path: str) -> Cube:
    """Read a file. Raises `FileError` that says what is missing."""
    with Path(path).open("rb") as stream:
        titles = [stream.readline().decode("latin-1").strip() for _ in range(2)]
        try:
            first = stream.readline().split()
            count, origin = int(first[0]), _floats(first[1:4])
            per_point = int(first[4]) if len(first) > 4 else 1
            axes = [stream.readline().split() for _ in range(3)]
            counts = [int(axis[0]) for axis in axes]
            steps = np.array([_floats(axis[1:4]) for axis in axes])
            lines = list(islice(stream, abs(count)))
            if len(lines) < abs(count):
                raise FileError(f"{path}: its header says {abs(count)} atoms, and {len(lines)} lines follow it")
            atoms = np.array([_floats(line.split()[:5]) for line in lines]).reshape(-1, 5)
            rest = np.fromstring(stream.read().replace(b"D", b"E"), sep=" ")
        except (ValueError, IndexError, DeprecationWarning) as error:
            raise FileError(f"{path}: this is no Gaussian cube, or its header is damaged: {error}") from error
    names: tuple[str, ...] = (titles[1] or "values",)
    if count < 0:
        orbitals = int(rest[0]) if len(rest) else 0
        names = tuple(f"MO {int(one)}" for one in rest[1 : orbitals + 1])
        rest = rest[orbitals + 1 :]
    elif per_point > 1:
        names = tuple(f"{names[0]} {index + 1}" for index in range(per_point))
    shape = tuple(map(abs, counts))
    if 0 in shape or len(rest) != len(names) * np.prod(shape):
        raise FileError(
            f"{path}: its header says {shape[0]} x {shape[1]} x {shape[2]} points with {len(names)} numbers each, "
            f"and there are {len(rest)} numbers; is the file complete?"
        )
    return Cube(
        titles[0], "angstrom" if min(counts) < 0 else "bohr", np.array(origin), (shape[0], shape[1], shape[2]), steps,
        atoms[:, 0].astype(np.int32), atoms[:, 1], atoms[:, 2:5], names, rest.reshape(-1, len(names)),
    )  # fmt: skip


def _floats(words: list[bytes]) -> list[float]:
    return [float(word) for word in words]
