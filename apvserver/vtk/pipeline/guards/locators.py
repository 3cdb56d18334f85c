"""How fine locators may be: VTK makes a list for each of their buckets, and ends the process where it cannot."""

from __future__ import annotations

from typing import Any, Final

MOST_DIVISIONS: Final = 256
"""Along each axis: 16 million buckets in all."""
MOST_IN_A_BUCKET: Final = 10_000
"""For how many points a bucket, or a leaf of an octree, makes room at once."""


def too_fine(held: Any) -> str | None:
    """Return what of a locator that merges points is beyond what VTK makes; None if nothing is, or it is none."""
    if held.IsA("vtkIncrementalOctreePointLocator") and held.GetMaxPointsPerLeaf() > MOST_IN_A_BUCKET:
        return f"MaxPointsPerLeaf of a locator is {held.GetMaxPointsPerLeaf()} and must be at most {MOST_IN_A_BUCKET}"
    if not held.IsA("vtkPointLocator"):
        return None
    divisions, each = held.GetDivisions(), held.GetNumberOfPointsPerBucket()
    if not all(1 <= one <= MOST_DIVISIONS for one in divisions):
        return f"Divisions of a locator is {divisions} and must be between 1 and {MOST_DIVISIONS} along each axis"
    if each > MOST_IN_A_BUCKET:
        return f"NumberOfPointsPerBucket of a locator is {each} and must be at most {MOST_IN_A_BUCKET}"
    return None
