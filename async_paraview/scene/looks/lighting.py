"""How a scene is lit: its usual lights one by one, occlusion, surroundings, tones. Properties of render views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..checks import COLOR, FRACTION, Choice, Flag, Number, Whole
from ..props.pictures import Picture
from ..types import SceneProperty

TONE_MAPPINGS: Final = ("Clamp", "Reinhard", "Exponential", "Generic Filmic")
"""By VTK's numbers, from 0."""
MOST_KERNEL: Final = 256

_P = SceneProperty
_ADVANCED: Final = "advanced"
_RATIO: Final = Number(1.0, 15.0)
_GREY: Final = (0.384313725, 0.364705882, 0.352941176)


def _beside(light: str, ratio: str, defaults: tuple[float, ...], elevation: Any, azimuth: Any) -> Iterator[Any]:
    warmth, key, up, round_ = defaults
    lower = light.lower()
    yield _p(f"{light}LightWarmth", f"of the {lower} light: 0 blue, 0.5 white, 1 red", warmth, FRACTION)
    yield _p(
        f"{light}LightK{ratio}Ratio", f"how many times as bright the key light is as the {lower} light", key, _RATIO
    )
    yield _p(f"{light}LightElevation", f"of the {lower} light, in degrees", up, elevation)
    yield _p(f"{light}LightAzimuth", f"of the {lower} light, in degrees", round_, azimuth)


def _p(name: str, doc: str, default: Any, check: Any) -> SceneProperty:
    return _P(name, doc, default, check, panel=_ADVANCED)


KEY_LIGHT: Final = 0.67
HEAD_RATIO: Final = 1.25
"""With these a face that looks at the camera has its color (ParaView's kit: 0.78 of it), and none is brighter than 1.09
of it (ParaView's, made as bright: 1.17): colors are those of their legend, and white is not burnt out."""
PARAVIEW_KEY_LIGHT: Final = 0.75
PARAVIEW_HEAD_RATIO: Final = 3.0
_SIDEWAYS: Final = Number(-90.0, 90.0)

LIGHT_KIT: Final = (
    _p("KeyLightWarmth", "of the key light: 0 blue, 0.5 white, 1 red", 0.6, FRACTION),
    _p("KeyLightElevation", "of the key light, in degrees", 50.0, Number(0.0, 90.0)),
    _p("KeyLightAzimuth", "of the key light, in degrees", 10.0, _SIDEWAYS),
    *_beside("Fill", "F", (0.4, 3.0, -75.0, -10.0), Number(-90.0, 10.0), _SIDEWAYS),
    *_beside("Back", "B", (0.5, 3.5, 0.0, 110.0), Number(-45.0, 45.0), Number(60.0, 170.0)),
    _p("HeadLightWarmth", "of the head light: 0 blue, 0.5 white, 1 red", 0.5, FRACTION),
    _p("HeadLightKHRatio", "how many times as bright as the head light the key light is", HEAD_RATIO, _RATIO),
    _p("MaintainLuminance", "whether warm and cold lights are as bright as white ones", False, Flag()),
)
"""The usual lights, with UseLightKit."""

OCCLUSION: Final = (
    _p("UseSSAO", "whether what lies in corners is darker (screen space ambient occlusion)", False, Flag()),
    _p("UseSSAODefaultPresets", "whether Radius and Bias follow the size of the scene", True, Flag()),
    _p(
        "Radius",
        "how far occlusion reaches, a length, without UseSSAODefaultPresets",
        0.5,
        Number(0.0, 1e30),
    ),
    _p("Bias", "how far a surface stays clear of its own occlusion, likewise", 0.01, Number(0.0, 1e30)),
    _p("KernelSize", "by how many samples of each pixel occlusion is found", 32, Whole(1, MOST_KERNEL)),
    _p("Blur", "whether occlusion is smoothed", False, Flag()),
)
"""How corners are darkened."""

SURROUNDINGS: Final = (
    _p("UseEnvironmentLighting", "whether surroundings light surfaces with Interpolation PBR", False, Flag()),
    _p("UseTexturedEnvironmentalBG", "whether the surroundings are EnvironmentalBGTexture", False, Flag()),
    _p(
        "EnvironmentalBGTexture",
        "an equirectangular picture of the surroundings, y up: the path of a file of the server; None: none",
        None,
        Picture(),
    ),
    _p(
        "EnvironmentalBG", "the color of surroundings without a picture", (0.384313725, 0.364705882, 0.352941176), COLOR
    ),
    _p("UseGradientEnvironmentalBG", "whether they run from EnvironmentalBG up to EnvironmentalBG2", False, Flag()),
    _p("EnvironmentalBG2", "the color of those surroundings at the top", (0.0, 0.0, 0.165), COLOR),
)
"""What surfaces mirror."""

TONES: Final = (
    _p("UseToneMapping", "whether ToneMappingType brings bright colors into range", False, Flag()),
    _p("ToneMappingType", f"{', '.join(TONE_MAPPINGS)}", TONE_MAPPINGS[3], Choice("tone mapping", TONE_MAPPINGS)),
    _p(
        "Exposure",
        "by how much colors are brightened first, but for Clamp and Reinhard",
        1.0,
        Number(0.0, 10.0),
    ),
    _p("Contrast", "of Generic Filmic", 1.6773, Number(1.0, 2.0)),
    _p("Shoulder", "of Generic Filmic", 0.9714, Number(0.01, 1.0)),
    _p("MidIn", "of Generic Filmic", 0.18, Number(0.01, 1.0)),
    _p("MidOut", "of Generic Filmic", 0.18, Number(0.01, 1.0)),
    _p("HdrMax", "the brightest that Generic Filmic knows", 11.0785, Number(1.0, 1000.0)),
    _p("UseACES", "whether Generic Filmic works in ACES colors", True, Flag()),
)
"""How bright colors are brought into range."""
