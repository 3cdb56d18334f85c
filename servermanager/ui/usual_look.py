"""How outputs are shown where nothing else is asked for, as ParaView shows them: plain functions."""

from __future__ import annotations

from typing import Any, Final

from async_paraview.information import DataInformation

_OUTLINED: Final = frozenset({
    "vtkImageData", "vtkUniformGrid", "vtkStructuredPoints", "vtkRectilinearGrid", "vtkStructuredGrid",
})  # fmt: skip
"""What ParaView shows the outline of, where it has three dimensions."""
UNLIT: Final = frozenset({"Wireframe", "Points", "Outline"})
"""What no light shades, as in ParaView: lines and points have the colors of their numbers."""
_IMAGES: Final = frozenset({"vtkImageData", "vtkUniformGrid", "vtkStructuredPoints"})


def usual_look(information: DataInformation) -> dict[str, Any]:
    """Return how ParaView shows data when nothing else is asked for: its kind, and the array that colors it.

    That is the array that VTK takes for the scalars, of points, else of cells; an outline has no colors.
    """
    kind = "Surface"
    if information.data_type in _OUTLINED:
        dimensions = information.raw.get("dimensions") or (2, 2, 2)
        thick = sum(one > 1 for one in dimensions)
        kind = "Outline" if thick == 3 else "Slice" if information.data_type in _IMAGES and thick == 2 else "Surface"
    look: dict[str, Any] = {"Representation": kind}
    if kind != "Outline":
        scalars = [one for one in information.arrays if one.attribute == "Scalars"]
        for association in ("POINTS", "CELLS"):
            found = next((one for one in scalars if one.association == association), None)
            if found is not None:
                return {**look, "ColorBy": [association, found.name]}
    return look


def look_after(information: DataInformation, color_by: Any) -> dict[str, Any]:
    """Return how a filter's output is shown, whose input was colored by an array: by the same, if it has it."""
    look = usual_look(information)
    kind = look["Representation"]
    if color_by and any([one.association, one.name] == list(color_by[:2]) for one in information.arrays):
        look = {**look, "ColorBy": list(color_by)}
    return {**look, "Lighting": kind not in UNLIT}
