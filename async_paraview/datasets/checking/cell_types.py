"""How many points a cell of each VTK type has; the numbers are those of vtkCellType.h.

VTK reads a cell's points by its type and believes the numbers, so a wrong count reads foreign memory.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

POLYHEDRON: Final = 42

_FIXED: Final = {
    0: 0,  # empty cell
    1: 1,  # vertex
    3: 2,  # line
    5: 3,  # triangle
    8: 4,  # pixel
    9: 4,  # quad
    10: 4,  # tetra
    11: 8,  # voxel
    12: 8,  # hexahedron
    13: 6,  # wedge
    14: 5,  # pyramid
    15: 10,  # pentagonal prism
    16: 12,  # hexagonal prism
    21: 3,  # quadratic edge
    22: 6,  # quadratic triangle
    23: 8,  # quadratic quad
    24: 10,  # quadratic tetra
    25: 20,  # quadratic hexahedron
    26: 15,  # quadratic wedge
    27: 13,  # quadratic pyramid
    28: 9,  # biquadratic quad
    29: 27,  # triquadratic hexahedron
    30: 6,  # quadratic linear quad
    31: 12,  # quadratic linear wedge
    32: 18,  # biquadratic quadratic wedge
    33: 24,  # biquadratic quadratic hexahedron
    34: 7,  # biquadratic triangle
    35: 4,  # cubic line
    37: 19,  # triquadratic pyramid
}

_AT_LEAST: Final = {
    2: 1,  # poly vertex
    4: 1,  # poly line: VTK survives one point, not none
    6: 1,  # triangle strip
    7: 1,  # polygon
    36: 1,  # quadratic polygon
    41: 4,  # convex point set: its triangulation needs a tetrahedron
    POLYHEDRON: 4,
}

MAX_ORDER: Final = 10
"""The highest order of a Lagrange or Bezier cell that VTK's tables are made for."""

_ORDERS = range(1, MAX_ORDER + 1)
_CURVE = frozenset(n + 1 for n in _ORDERS)
_TRIANGLE = frozenset((n + 1) * (n + 2) // 2 for n in _ORDERS) | {7}
_QUADRILATERAL = frozenset((n + 1) ** 2 for n in _ORDERS)
_TETRAHEDRON = frozenset((n + 1) * (n + 2) * (n + 3) // 6 for n in _ORDERS) | {15}
_HEXAHEDRON = frozenset((n + 1) ** 3 for n in _ORDERS)
_WEDGE = frozenset((n + 1) ** 2 * (n + 2) // 2 for n in _ORDERS) | {21}

QUADRILATERALS: Final = (70, 77)
HEXAHEDRA: Final = (72, 79)
WEDGES: Final = (73, 80)

HIGHER_ORDER: Final = {
    kind: sizes
    for kinds, sizes in (
        ((68, 75), _CURVE),
        ((69, 76), _TRIANGLE),
        (QUADRILATERALS, _QUADRILATERAL),
        ((71, 78), _TETRAHEDRON),
        (HEXAHEDRA, _HEXAHEDRON),
        (WEDGES, _WEDGE),
    )
    for kind in kinds
}
"""Lagrange and Bezier types -> the numbers of points of orders 1 to MAX_ORDER, and VTK's serendipity cells."""

_ANY_SIZE = np.iinfo(np.int64).max


def _bounds() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    low, high = np.full(256, _ANY_SIZE), np.full(256, -1)
    for kind, size in _FIXED.items():
        low[kind] = high[kind] = size
    for kind, size in _AT_LEAST.items():
        low[kind], high[kind] = size, _ANY_SIZE
    for kind, sizes in HIGHER_ORDER.items():
        low[kind], high[kind] = min(sizes), max(sizes)
    return low, high


LEAST_POINTS, MOST_POINTS = _bounds()
"""By cell type: the fewest and the most points; an unknown type has no possible number."""
