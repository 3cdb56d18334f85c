"""The type of render views, and what their cameras do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .checks import COLOR, POSITION, Choice, Direction, Flag, Number, Only, OrNone, Several, Text, Whole
from .kept import OFF, kept
from .looks.drawing import COLORS_OF_AXES, EYES, SMOOTHING, TRANSLUCENCY
from .looks.lighting import KEY_LIGHT, LIGHT_KIT, OCCLUSION, SURROUNDINGS, TONES
from .looks.tracing import TRACING
from .parts import GRID_AXES, LEGEND_GRID, Part
from .props.light import Lights
from .props.pictures import Picture
from .props.screens import PPI
from .props.widget import WIDGET
from .scalar_bars import ScalarBars
from .text import TEXT
from .types import VIEWS, ListOf, SceneProperty, SceneType

MAX_VIEW_SIZE: Final = 16384
MAX_SAMPLES: Final = 256
USUAL_BACKGROUND: Final = (0.32, 0.34, 0.43)
WHITE: Final = (1.0, 1.0, 1.0)
BACKGROUND_MODES: Final = ("Single Color", "Gradient")
STEREO_TYPES: Final = (
    "Crystal Eyes", "Red-Blue", "Interlaced", "Left", "Right", "Dresden", "Anaglyph", "Checkerboard",
    "SplitViewportHorizontal",
)  # fmt: skip
"""By VTK's numbers, from 1; the first is not drawn."""
CAMERA_PROPERTIES: Final = (
    "CameraPosition", "CameraFocalPoint", "CameraViewUp", "CameraViewAngle", "CameraParallelProjection",
    "CameraParallelScale",
)  # fmt: skip
"""What a camera consists of."""
PLACING_THE_CAMERA: Final = frozenset({"CameraPosition", "CameraFocalPoint", "CameraParallelScale"})
"""Those that keep the first picture from fitting the camera."""

DIRECTIONS: Final = ("+X", "-X", "+Y", "-Y", "+Z", "-Z")
"""Where a camera can be told to look."""
MOVEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "rotate": ("dx", "dy"),
    "pan": ("dx", "dy"),
    "zoom": ("factor",),
    "zoom_at": ("factor", "dx", "dy"),
    "roll": ("degrees",),
    "orbit": ("azimuth", "elevation"),
}
"""How it can be moved, each with its numbers."""

_P = SceneProperty
_SIZE: Final = Several(2, Whole(1, MAX_VIEW_SIZE))
_FRAME_RATE: Final = _P(
    "InteractiveFrameRate",
    "images a second to reach while something moves, with less detail if need be",
    20.0,
    Number(0.1, 1000.0),
)
_ADVANCED: Final = "advanced"

_NO_RAYS: Final = "ray tracing has no such thing here"
_KEPT: Final = (
    kept("CameraFocalDisk", 1.0, Number(0.0, 1e30), "everything is in focus"),
    kept("CameraFocalDistance", 0.0, Number(0.0, 1e30), "everything is in focus"),
    kept("UseSkyboxBackground", False, Only(OFF, "pictures in the background are not drawn"), "it is off"),
    kept("LockBounds", False, Only(OFF, "bounds are those of what is visible; AxesGrid has CustomBounds"), "it is off"),
    kept("MaxClipBounds", (0.0, -1.0) * 3, Several(6, Number(-1e300, 1e300)), "LockBounds is off"),
    kept("InteractionMode", "3D", Choice("interaction mode", ("3D", "2D", "Selection")), "programs move the camera"),
    kept("RemoteRenderThreshold", 20.0, Number(0.0, 1e30), "the server draws"),
    kept("UseInteractiveRenderingForScreenshots", False, Flag(), "screenshots have all detail"),
    kept("UseOffscreenRendering", True, Flag(), "there is no screen"),
    kept("OSPRayMaterialLibrary", None, OrNone(Text()), _NO_RAYS),
    kept(
        "PolarGrid",
        "PolarGridActor",
        Only(("PolarGridActor", "Polar Grid Actor"), "there is no polar grid of a view"),
        "there is no polar grid of a view; what is shown has PolarAxes",
    ),
    kept("OrientationAxesOutlineColor", (1.0, 1.0, 1.0), COLOR, "they have no frame: no mouse moves them"),
    kept("OrientationAxesInteractivity", False, Flag(), "the camera is moved by programs"),
)

RENDER_VIEW: Final = SceneType(
    "RenderView",
    VIEWS,
    "render view",
    "A view of a scene with a camera.",
    (
        _P("ViewSize", "width and height in pixels", (800, 600), _SIZE),
        PPI,
        _P("Background", "red, green, blue from 0 to 1; None: that of the palette", None, OrNone(COLOR)),
        _P("Background2", "at the top, with UseGradientBackground", (0.0, 0.0, 0.0), COLOR),
        _P("UseGradientBackground", "whether the background runs from Background to Background2", False, Flag()),
        _P(
            "UseColorPaletteForBackground",
            "True: the background is the palette's, whatever Background says; False: it never is, also where a picture "
            "has a palette of its own; None: it is if Background is None",
            None,
            OrNone(Flag()),
        ),
        _P(
            "BackgroundColorMode",
            "Single Color, or Gradient, which is UseGradientBackground",
            BACKGROUND_MODES[0],
            Choice("background mode", BACKGROUND_MODES),
        ),
        _P("CameraPosition", "where the camera is", (0.0, 0.0, 1.0), POSITION),
        _P("CameraFocalPoint", "what it looks at", (0.0, 0.0, 0.0), POSITION),
        _P("CameraViewUp", "which way is up in the picture", (0.0, 1.0, 0.0), Direction()),
        _P("CameraViewAngle", "vertical, in degrees", 30.0, Number(0.01, 179.0)),
        _P("CameraParallelProjection", "whether distant things look as large as near ones", False, Flag()),
        _P("CameraParallelScale", "half the height that is seen then", 1.0, Number(1e-30, 1e30)),
        _P(
            "CenterOfRotation",
            "the point about which movements turn the scene; None: what the camera looks at",
            None,
            OrNone(POSITION),
        ),
        _P(
            "CameraLink",
            "a name: all views of the session with the same one have the same camera",
            "",
            Text(),
            panel=_ADVANCED,
        ),
        _P("StereoRender", "whether the picture is for both eyes, as StereoType says", False, Flag(), panel=_ADVANCED),
        _P(
            "StereoType",
            "for which glasses, or which eye; Crystal Eyes needs a screen of its own and is what is not drawn",
            STEREO_TYPES[0],
            Choice("stereo type", STEREO_TYPES),
            panel=_ADVANCED,
        ),
        _P(
            "HiddenLineRemoval",
            "whether lines of Wireframe are hidden by what lies in front",
            False,
            Flag(),
            panel=_ADVANCED,
        ),
        *_KEPT,
        _P("CenterAxesVisibility", "whether axes stand at the center of rotation", False, Flag()),
        _P("UseTexturedBackground", "whether BackgroundTexture is the background", False, Flag()),
        _P(
            "BackgroundTexture",
            "a picture behind the scene: the path of a file of the server, as Texture of what is shown; None: none",
            None,
            Picture(),
        ),
        _P("OrientationAxesVisibility", "whether small axes in the corner turn with the camera", False, Flag()),
        _P("OrientationAxesLabelColor", "of their letters; None: seen on the background", None, OrNone(COLOR)),
        _P("AxesGridVisibility", "whether a box of axes with numbers stands around the data", False, Flag()),
        _P("AxesGridColor", "of its lines and numbers; None: seen on the background", None, OrNone(COLOR)),
        _P("AxesGrid", "the looks of that box; its Visibility shows it, too", {}, Part(GRID_AXES)),
        _P("LegendGrid", "how large the scene is: a bar, and rulers; its Visibility shows it", {}, Part(LEGEND_GRID)),
        *(_P(f"{axis}Title", "of its axis", f"{axis} Axis", Text()) for axis in "XYZ"),
        _P("Texts", "texts in front of the scene; see add_text", (), ListOf(TEXT, 256), panel="never"),
        _P("Widgets", "what has handles to be dragged; see widgets", (), ListOf(WIDGET, 64), panel=_ADVANCED),
        _P(
            "ScalarBars",
            "what was set of legends, by the names of color maps; see scalar_bar",
            {},
            ScalarBars(256),
            panel="never",
        ),
        _P("UseLightKit", "whether there are the usual lights: key, fill, back and head", True, Flag()),
        _P("LightKitIntensity", "of the key light; the others follow", KEY_LIGHT, Number(0.0, 10.0)),
        _P(
            "AdditionalLights",
            "lights beside those; see add_light. (x, y, z, red, green, blue, intensity) shines to all sides",
            (),
            Lights(16),
            panel=_ADVANCED,
        ),
        _P(
            "EnableRayTracing",
            "whether paths of light are traced at rest, where the server can; see capabilities",
            False,
            Flag(),
            panel=_ADVANCED,
        ),
        *TRACING,
        *LIGHT_KIT,
        *OCCLUSION,
        *SURROUNDINGS,
        *TONES,
        *TRANSLUCENCY,
        *COLORS_OF_AXES,
        *EYES,
        _P("UseFXAA", "whether edges of single drawings are smoothed", True, Flag(), panel=_ADVANCED),
        *SMOOTHING,
        _P(
            "StillSamples",
            f"drawings that the picture at rest is the mean of, 1 to {MAX_SAMPLES}",
            8,
            Whole(1, MAX_SAMPLES),
            panel=_ADVANCED,
        ),
        _FRAME_RATE,
    ),
    aliases={"UseAmbientOcclusion": "UseSSAO", "KeyLightIntensity": "LightKitIntensity"},
)
