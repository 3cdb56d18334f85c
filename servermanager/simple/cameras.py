"""The camera of a view, by the names of VTK's: it is read from the view, and moved there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = npt.NDArray[np.float64]
UPRIGHT: Final = 0.999
"""The view-up direction is turned away where it is as parallel as this to the direction in which the camera looks."""


def turned(vector: Vector, axis: Vector, degrees: float) -> Vector:
    """Return a vector turned around an axis, counterclockwise seen from its tip (Rodrigues' formula)."""
    length = float(np.linalg.norm(axis))
    if not length:
        return vector
    unit, angle = axis / length, math.radians(degrees)
    along = unit * float(unit @ vector) * (1.0 - math.cos(angle))
    turned_: Vector = vector * math.cos(angle) + np.cross(unit, vector) * math.sin(angle) + along
    return turned_


def united(boxes: Sequence[Sequence[float]]) -> list[float] | None:
    """Return the box around several (xmin, xmax, ymin, ymax, zmin, zmax), None for none."""
    if not boxes:
        return None
    together = np.asarray(boxes, float)
    found = np.empty(6)
    found[::2], found[1::2] = together[:, ::2].min(axis=0), together[:, 1::2].max(axis=0)
    return [float(one) for one in found]


def fitted(bounds: Sequence[float], camera: Mapping[str, Any], aspect: float) -> dict[str, Any]:
    """Return the camera's properties, fitted to the sphere around a box, seen from where it was seen before.

    `aspect` is the width of the picture by its height: of an upright one the sphere fits the width.
    """
    low, high = np.asarray(bounds[::2], float), np.asarray(bounds[1::2], float)
    focal, radius = (low + high) / 2.0, float(np.linalg.norm(high - low)) / 2.0 or 0.5
    normal = np.asarray(camera["CameraPosition"], float) - np.asarray(camera["CameraFocalPoint"], float)
    length = float(np.linalg.norm(normal))
    normal = normal / length if length else np.asarray([0.0, 0.0, 1.0])
    angle = math.radians(float(camera["CameraViewAngle"]))
    scale = radius
    if aspect < 1.0:
        angle = 2.0 * math.atan(math.tan(angle / 2.0) * aspect)
        scale = radius / aspect
    up = np.asarray(camera["CameraViewUp"], float)
    if abs(float(up @ normal)) / (float(np.linalg.norm(up)) or 1.0) > UPRIGHT:
        up = np.asarray([-up[2], up[0], up[1]])
    place = focal + normal * (radius / math.sin(angle / 2.0))
    return {
        "CameraPosition": place.tolist(), "CameraFocalPoint": focal.tolist(), "CameraViewUp": up.tolist(),
        "CameraParallelScale": scale,
    }  # fmt: skip


class Camera:
    """The camera of a view. Angles are degrees, as in vtkCamera."""

    def __init__(self, view: Any) -> None:
        """Stand for the camera of a view."""
        self._view = view

    def _vector(self, name: str) -> Vector:
        return np.asarray(getattr(self._view, name), float)

    def _put(self, **properties: Any) -> None:
        self._view.update(**{
            name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in properties.items()
        })  # fmt: skip

    # --- where it is

    def GetPosition(self) -> tuple[float, ...]:
        """Return where it is."""
        return tuple(self._vector("CameraPosition").tolist())

    def SetPosition(self, *place: Any) -> None:
        """Put it somewhere."""
        self._put(CameraPosition=_numbers(place))

    def GetFocalPoint(self) -> tuple[float, ...]:
        """Return what it looks at."""
        return tuple(self._vector("CameraFocalPoint").tolist())

    def SetFocalPoint(self, *place: Any) -> None:
        """Have it look at a point."""
        self._put(CameraFocalPoint=_numbers(place))

    def GetViewUp(self) -> tuple[float, ...]:
        """Return which way is up."""
        return tuple(self._vector("CameraViewUp").tolist())

    def SetViewUp(self, *direction: Any) -> None:
        """Set which way is up."""
        self._put(CameraViewUp=_numbers(direction))

    def GetViewAngle(self) -> float:
        """Return the vertical angle that it sees."""
        return float(self._view.CameraViewAngle)

    def SetViewAngle(self, degrees: float) -> None:
        """Set the vertical angle that it sees."""
        self._put(CameraViewAngle=degrees)

    def GetParallelProjection(self) -> int:
        """Return 1 if distant things look as large as near ones, else 0."""
        return int(self._view.CameraParallelProjection)

    def SetParallelProjection(self, flag: Any) -> None:
        """Set whether distant things look as large as near ones."""
        self._put(CameraParallelProjection=bool(flag))

    def ParallelProjectionOn(self) -> None:
        """Have distant things look as large as near ones."""
        self.SetParallelProjection(True)

    def ParallelProjectionOff(self) -> None:
        """Have distant things look smaller."""
        self.SetParallelProjection(False)

    def GetParallelScale(self) -> float:
        """Return half the height that is seen with a parallel projection."""
        return float(self._view.CameraParallelScale)

    def SetParallelScale(self, scale: float) -> None:
        """Set half the height that is seen with a parallel projection."""
        self._put(CameraParallelScale=scale)

    def GetDistance(self) -> float:
        """Return how far the focal point is."""
        return float(np.linalg.norm(self._vector("CameraFocalPoint") - self._vector("CameraPosition")))

    def GetDirectionOfProjection(self) -> tuple[float, ...]:
        """Return the direction in which it looks, of length 1."""
        direction = self._vector("CameraFocalPoint") - self._vector("CameraPosition")
        return tuple((direction / (np.linalg.norm(direction) or 1.0)).tolist())

    def GetViewPlaneNormal(self) -> tuple[float, ...]:
        """Return the direction from which it looks, of length 1."""
        return tuple(-one for one in self.GetDirectionOfProjection())

    # --- its movements

    def _right(self) -> Vector:
        right: Vector = np.cross(np.asarray(self.GetDirectionOfProjection()), self._vector("CameraViewUp"))
        return right

    def Azimuth(self, degrees: float) -> None:
        """Move it around the focal point, about the view-up direction."""
        focal = self._vector("CameraFocalPoint")
        moved = turned(self._vector("CameraPosition") - focal, self._vector("CameraViewUp"), degrees)
        self._put(CameraPosition=focal + moved)

    def Elevation(self, degrees: float) -> None:
        """Move it over the focal point."""
        focal = self._vector("CameraFocalPoint")
        moved = turned(self._vector("CameraPosition") - focal, -self._right(), degrees)
        self._put(CameraPosition=focal + moved)

    def Roll(self, degrees: float) -> None:
        """Turn it about the direction in which it looks."""
        axis = np.asarray(self.GetDirectionOfProjection())
        self._put(CameraViewUp=turned(self._vector("CameraViewUp"), axis, degrees))

    def Yaw(self, degrees: float) -> None:
        """Turn what it looks at about it, to the left."""
        place = self._vector("CameraPosition")
        moved = turned(self._vector("CameraFocalPoint") - place, self._vector("CameraViewUp"), degrees)
        self._put(CameraFocalPoint=place + moved)

    def Pitch(self, degrees: float) -> None:
        """Turn what it looks at about it, upwards."""
        place = self._vector("CameraPosition")
        moved = turned(self._vector("CameraFocalPoint") - place, self._right(), degrees)
        self._put(CameraFocalPoint=place + moved)

    def Zoom(self, factor: float) -> None:
        """Make what it sees look larger by a factor. Raises ValueError unless that is above 0."""
        if not factor > 0:
            raise ValueError(f"a camera zooms by a factor above 0, not {factor!r}")
        if self.GetParallelProjection():
            self._put(CameraParallelScale=self.GetParallelScale() / factor)
        else:
            self._put(CameraViewAngle=self.GetViewAngle() / factor)

    def Dolly(self, factor: float) -> None:
        """Divide its distance from the focal point by a factor. Raises ValueError unless that is above 0."""
        if not factor > 0:
            raise ValueError(f"a camera comes nearer by a factor above 0, not {factor!r}")
        focal = self._vector("CameraFocalPoint")
        self._put(CameraPosition=focal + (self._vector("CameraPosition") - focal) / factor)

    def OrthogonalizeViewUp(self) -> None:
        """Have the view-up direction stand upright on the direction in which it looks."""
        direction = np.asarray(self.GetDirectionOfProjection())
        up = np.cross(np.cross(direction, self._vector("CameraViewUp")), direction)
        self._put(CameraViewUp=up / (np.linalg.norm(up) or 1.0))

    def __repr__(self) -> str:
        return f"<camera of {self._view!r}: at {self.GetPosition()}, looking at {self.GetFocalPoint()}>"


def _numbers(place: tuple[Any, ...]) -> list[float]:
    """Return three numbers, which were given one by one or as one list. Raises TypeError."""
    given = list(place[0]) if len(place) == 1 else list(place)
    if len(given) != 3:
        raise TypeError(f"a place or direction has three numbers, not {place!r:.80}")
    return [float(one) for one in given]
