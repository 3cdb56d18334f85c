"""How surfaces look: their two sides, their material, their outlines. Properties of representations."""

from __future__ import annotations

from typing import Any, Final

from ...records import dataclass
from ..checks import COLOR, FRACTION, Choice, Flag, Number, OrNone, Several, Whole
from ..types import SceneProperty

PBR: Final = "PBR"
"""The interpolation in which a surface is lit as a material is: physically based."""
FOLLOW: Final = "Follow Frontface"
CULL_BACK: Final = "Cull Backface"
CULL_FRONT: Final = "Cull Frontface"
BACKS: Final = ("Points", "Wireframe", "Surface", "Surface With Edges")
"""As what the backs of surfaces are drawn, if not as their fronts."""
BACKFACES: Final = (FOLLOW, CULL_BACK, CULL_FRONT, *BACKS)

_P = SceneProperty
_IOR: Final = Number(1.0, 4.0)
_OF_MATERIALS: Final[dict[str, Any]] = {"property": "Interpolation", "equals": [PBR]}
_OF_BACKS: Final[dict[str, Any]] = {"property": "BackfaceRepresentation", "equals": list(BACKS)}
_OF_CONTOURS: Final[dict[str, Any]] = {"property": "SilhouetteVisibility", "equals": [True]}


def _of_pbr(name: str, doc: str, default: Any, check: Any) -> SceneProperty:
    return _P(name, f"{doc}, with Interpolation {PBR}", default, check, hidden_unless=_OF_MATERIALS)


@dataclass(frozen=True)
class Affine:
    """Four rows of four numbers, flat, that move, turn, scale and shear: the last row is 0, 0, 0, 1."""

    facts = Several(16, Number(-1e30, 1e30)).facts

    def __call__(self, value: object) -> tuple[float, ...]:
        """See Check."""
        rows: tuple[float, ...] = Several(16, Number(-1e30, 1e30))(value)
        if rows[12:] != (0.0, 0.0, 0.0, 1.0):
            raise ValueError("expected four rows of four numbers, flat, of which the last one is 0, 0, 0, 1")
        return rows


PLACES: Final = (
    _P(
        "UserTransform",
        "four rows of four numbers by which it is moved after Position, Orientation and Scale; the last is 0, 0, 0, 1",
        (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        Affine(),
        panel="advanced",
    ),
)
"""Where what is shown stands beyond its position."""

SIDES: Final = (
    _P(
        "BackfaceRepresentation",
        "what is drawn of surfaces that are seen from behind: as from the front (Follow Frontface), nothing (Cull "
        f"Backface), or {', '.join(BACKS[:-1])} or {BACKS[-1]} of their own color; or of those that are seen from the "
        "front, nothing (Cull Frontface)",
        FOLLOW,
        Choice("backface representation", BACKFACES),
    ),
    _P(
        "BackfaceDiffuseColor",
        "of surfaces seen from behind where no array colors them; None: as from the front",
        None,
        OrNone(COLOR),
        hidden_unless=_OF_BACKS,
    ),
    _P(
        "BackfaceAmbientColor",
        "of Points and Wireframe seen from behind; None: BackfaceDiffuseColor",
        None,
        OrNone(COLOR),
        hidden_unless=_OF_BACKS,
    ),
    _P("BackfaceOpacity", "of surfaces seen from behind, 0 to 1", 1.0, FRACTION, hidden_unless=_OF_BACKS),
)
"""What is seen of surfaces from behind."""

MATERIALS: Final = (
    _of_pbr("Metallic", "how much it is a metal, 0 to 1", 0.0, FRACTION),
    _of_pbr("Roughness", "how rough it is, 0 to 1", 0.3, FRACTION),
    _of_pbr("BaseIOR", "the refractive index of what is no metal, 1 to 4", 1.5, _IOR),
    _of_pbr("EdgeTint", "the color of a metal at grazing angles", (1.0, 1.0, 1.0), COLOR),
    _of_pbr("CoatStrength", "how much of a clear coat lies on it, 0 to 1", 0.0, FRACTION),
    _of_pbr("CoatIOR", "the refractive index of that coat, 1 to 4", 2.0, _IOR),
    _of_pbr("CoatRoughness", "how rough that coat is, 0 to 1", 0.0, FRACTION),
    _of_pbr("CoatColor", "of that coat", (1.0, 1.0, 1.0), COLOR),
)
"""What a surface is made of."""

SHAPES: Final = (
    _P(
        "NonlinearSubdivisionLevel",
        "how often faces of curved (quadratic) cells are divided to be drawn, 0 to 4",
        1,
        Whole(0, 4),
        half="both",
        panel="advanced",
    ),
    _P("SilhouetteVisibility", "whether lines stand where a surface turns away from the camera", False, Flag()),
    _P(
        "SilhouetteColor",
        "of those lines; None: seen on the background",
        None,
        OrNone(COLOR),
        hidden_unless=_OF_CONTOURS,
    ),
    _P("SilhouetteLineWidth", "of those lines, in points", 2.0, Number(0.1, 1000.0), hidden_unless=_OF_CONTOURS),
)
"""Of which faces a surface consists, and where it ends for the eye."""
