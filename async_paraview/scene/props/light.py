"""Lights of a scene, beside the usual ones, and the property of a view that holds all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...records import dataclass
from ..checks import ANY_LENGTH, COLOR, POSITION, Choice, Flag, Number, Several, Text, is_list
from ..kept import kept
from ..types import ANNOTATIONS, SceneProperty, SceneType

LIGHT_TYPES: Final = ("Headlight", "Camera", "Scene", "Ambient")
"""How a light stands: at the camera, in coordinates of the camera, in those of the scene, or everywhere."""


RAYS: Final = ("Directional", "Positional")
"""Whether the rays of a light are parallel, or come from its place."""


@dataclass(frozen=True)
class Numbered:
    """One of some words, or the number that ParaView has for it, where the first one has the number `first`."""

    what: str
    words: tuple[str, ...]
    first: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return Choice(self.what, self.words).facts

    def __call__(self, value: object) -> str:
        """See Check."""
        if type(value) is int and self.first <= value < self.first + len(self.words):
            return self.words[value - self.first]
        return Choice(self.what, self.words)(value)


LIGHT: Final = SceneType(
    "Light",
    ANNOTATIONS,
    "light",
    "A light of a scene, beside the usual ones.",
    (
        SceneProperty("Enable", "whether it is on", True, Flag()),
        SceneProperty("Name", "what it is called", "", Text()),
        SceneProperty(
            "Coords",
            "where it stands: at the camera (Headlight), in coordinates of the camera (Camera), or of the scene "
            "(Scene); Ambient is drawn as a Headlight, as in ParaView where no rays are traced",
            "Scene",
            Numbered("kind of light", LIGHT_TYPES, 1),
        ),
        SceneProperty("Intensity", "how bright it is", 1.0, Number(0.0, 100.0)),
        SceneProperty(
            "Type",
            "Directional: its rays are parallel; Positional: they come from its place",
            RAYS[0],
            Numbered("type of light", RAYS, 0),
        ),
        SceneProperty("Position", "where it is", (0.0, 0.0, 1.0), POSITION),
        SceneProperty("FocalPoint", "where it shines to", (0.0, 0.0, 0.0), POSITION),
        SceneProperty("DiffuseColor", "red, green, blue from 0 to 1", (1.0, 1.0, 1.0), COLOR),
        SceneProperty(
            "ConeAngle",
            "of Positional lights, in degrees, half of the cone; 90: to all sides",
            30.0,
            Number(0.0, 180.0),
        ),
        kept("Radius", 0.0, Number(0.0, 1e30), "shadows are not traced"),
    ),
    aliases={
        "LightSwitch": "Enable", "LightName": "Name", "LightType": "Coords", "LightIntensity": "Intensity",
        "Positional": "Type", "LightPosition": "Position",
    },
)  # fmt: skip
_OLD: Final = Several(7, Number(-1e30, 1e30))


@dataclass(frozen=True)
class Lights:
    """A list of at most `most` lights: maps with some of the properties of a light.

    Of (x, y, z, red, green, blue, intensity) it makes a light at that place, which shines to all sides.
    """

    most: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "annotation", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[Mapping[str, Any], ...]:
        """See Check."""
        if not is_list(value) or len(value) > self.most:
            raise ValueError(
                f"expected a list of at most {self.most} lights, each a map with {', '.join(LIGHT.by_name)}"
            )
        return tuple(filled_light(one) for one in value)


def light_meant(value: object) -> Mapping[str, Any]:
    """Return the properties of a light that are meant: a map, or seven numbers. Raises ValueError."""
    if is_list(value):
        x, y, z, red, green, blue, intensity = _OLD(value)
        return {
            "Type": RAYS[1],
            "ConeAngle": 180.0,
            "Position": (x, y, z),
            "DiffuseColor": COLOR((red, green, blue)),
            "Intensity": intensity,
        }
    if not isinstance(value, Mapping) or not set(value) <= set(LIGHT.by_name):
        raise ValueError(f"expected for each light a map with {', '.join(LIGHT.by_name)}")
    return value


def filled_light(value: object) -> Mapping[str, Any]:
    """Return all properties of a light of which some are given. Raises ValueError."""
    given, found = light_meant(value), {}
    for one in LIGHT:
        try:
            found[one.name] = one.check(given.get(one.name, one.default))
        except ValueError as error:
            raise ValueError(f"{one.name} = {given[one.name]!r:.80}: {error}") from None
    if found["Position"] == found["FocalPoint"]:
        raise ValueError("Position and FocalPoint must differ: there is no direction")
    return found
