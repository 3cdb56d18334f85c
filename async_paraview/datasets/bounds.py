"""Bounds of data sets, computed without VTK."""

from __future__ import annotations

import numpy as np

from .array_views import numbers
from .description import CompositeNode, ImageNode, Node, PolyNode, RectilinearNode, StructuredNode, UnstructuredNode

Bounds = tuple[float, float, float, float, float, float]


def bounds_of(node: Node) -> Bounds | None:
    """Return (xmin, xmax, ymin, ymax, zmin, zmax) over all points.

    None without points, or where no bound is a number.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _bounds_of(node)


def _bounds_of(node: Node) -> Bounds | None:
    if isinstance(node, CompositeNode):
        return _union([_bounds_of(child) for child in node.children if child is not None])
    if isinstance(node, ImageNode):
        return _image(node) if node.number_of_points else None
    if isinstance(node, RectilinearNode):
        return _rectilinear(node) if node.number_of_points else None
    if isinstance(node, StructuredNode | PolyNode | UnstructuredNode) and node.points is not None:
        points = numbers(node.points)
        if not points.size:
            return None
        # fmin and fmax pass over what is not a number, as VTK does.
        return _pairs(np.fmin.reduce(points), np.fmax.reduce(points))
    return None


def _pairs(low: object, high: object) -> Bounds | None:
    (a, c, e), (b, d, f) = np.asarray(low, dtype=float).tolist(), np.asarray(high, dtype=float).tolist()
    return (a, b, c, d, e, f) if a <= b and c <= d and e <= f else None


def _image(node: ImageNode) -> Bounds | None:
    i, j, k = node.extent[:2], node.extent[2:4], node.extent[4:]
    corners = np.array([(a, b, c) for a in i for b in j for c in k], dtype=float) * node.spacing
    points = np.asarray(node.origin) + corners @ np.reshape(node.direction, (3, 3)).T
    return _pairs(points.min(axis=0), points.max(axis=0))


def _rectilinear(node: RectilinearNode) -> Bounds | None:
    ends = []
    for axis, low, high in zip(node.coordinates, node.extent[::2], node.extent[1::2], strict=True):
        assert axis is not None
        values = numbers(axis)
        ends.append(sorted((float(values[0]), float(values[high - low]))))
    return _pairs([low for low, _ in ends], [high for _, high in ends])


def _union(several: list[Bounds | None]) -> Bounds | None:
    known = [bounds for bounds in several if bounds is not None]
    if not known:
        return None
    low, high = np.array(known)[:, ::2].min(axis=0), np.array(known)[:, 1::2].max(axis=0)
    return _pairs(low, high)
