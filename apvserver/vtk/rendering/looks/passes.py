"""How a renderer draws: by VTK's own steps, or by passes, where those steps lack something that is asked for.

VTK's own steps put translucent surfaces in order by two layers at a time, from both ends. As measured with VTK 9.7.2
they end after the first of them where opaque surfaces lie behind all that is translucent: all layers but the nearest
are missing then. Passes take one layer at a time, and have them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vtkmodules.vtkRenderingCore import vtkFXAAOptions
from vtkmodules.vtkRenderingOpenGL2 import (
    vtkCameraPass,
    vtkDepthPeelingPass,
    vtkLightsPass,
    vtkOpaquePass,
    vtkOpenGLFXAAPass,
    vtkOverlayPass,
    vtkRenderPassCollection,
    vtkSequencePass,
    vtkSSAOPass,
    vtkToneMappingPass,
    vtkTranslucentPass,
    vtkVolumetricPass,
)

from async_paraview.records import dataclass
from async_paraview.scene.looks.drawing import SMOOTHING
from async_paraview.scene.looks.lighting import TONE_MAPPINGS

_PART_OF_SCENE: Final = 0.1
"""How far occlusion reaches by itself, as a part of the diagonal of what is seen, as in ParaView."""
_STAYS_CLEAR: Final = 0.001
_ALL_PEELS: Final = 1000
_MOVING_PEELS: Final = 1
"""Pairs of layers that are put in order while something moves: each takes as long as the first."""
_OF_FILMIC: Final = ("Contrast", "Shoulder", "MidIn", "MidOut", "HdrMax", "UseACES")


@dataclass(frozen=True)
class Drawn:
    """What passes need to know of a picture: what is in it, and how large the scene is."""

    has_translucent: bool
    has_volumes: bool
    diagonal: float
    smooths: bool
    is_reduced: bool = False
    """Whether it is seen for a moment alone, while something moves: the nearest layers of what is translucent do."""


class Passes:
    """The passes of one renderer."""

    def __init__(self, renderer: Any) -> None:
        """Have VTK draw by its own steps."""
        self._renderer = renderer
        self._made: dict[tuple[str, ...], _Chain] = {}
        self._size: tuple[int, ...] = ()
        """Of the window, when passes were asked for last."""
        self._smoothing: Any = vtkFXAAOptions()
        renderer.SetFXAAOptions(self._smoothing)

    def apply(self, get: Mapping[str, Any], drawn: Drawn) -> None:
        """Draw as the properties of a view say."""
        renderer = self._renderer
        peels = get["DepthPeeling"] and drawn.has_translucent
        renderer.SetUseDepthPeeling(peels)
        renderer.SetUseDepthPeelingForVolumes(peels and drawn.has_volumes and get["DepthPeelingForVolumes"])
        renderer.SetMaximumNumberOfPeels(
            _pairs_of_layers(get, drawn) if drawn.is_reduced else get["MaximumNumberOfPeels"]
        )
        renderer.SetOcclusionRatio(0.0)
        radius, bias = _reach_of_occlusion(get, drawn.diagonal)
        renderer.SetUseSSAO(get["UseSSAO"])
        renderer.SetSSAORadius(radius)
        renderer.SetSSAOBias(bias)
        renderer.SetSSAOKernelSize(get["KernelSize"])
        renderer.SetSSAOBlur(get["Blur"])
        renderer.SetUseFXAA(drawn.smooths)
        for one in SMOOTHING:
            getattr(self._smoothing, f"Set{one.name.removeprefix('FXAA')}")(get[one.name])
        renderer.SetPass(self._wanted(get, drawn, peels=peels))

    def forget(self) -> None:
        """Draw by VTK's own steps until the next `apply`, each pixel in the color of what is nearest."""
        self._renderer.SetPass(None)
        for name in ("DepthPeeling", "SSAO", "FXAA"):
            getattr(self._renderer, f"SetUse{name}")(False)

    def release(self, window: Any) -> None:
        """Free what they hold on the graphics card."""
        self._renderer.SetPass(None)
        for chain in self._made.values():
            chain.whole.ReleaseGraphicsResources(window)
        self._made.clear()

    def _wanted(self, get: Mapping[str, Any], drawn: Drawn, *, peels: bool) -> Any:
        by_layer = peels and not drawn.has_volumes and not get["HiddenLineRemoval"]
        if not (get["UseToneMapping"] or by_layer):
            return None
        parts = [
            *(["tones"] if get["UseToneMapping"] else []),
            *(["smooth"] if drawn.smooths else []),
            *(["occlusion"] if get["UseSSAO"] else []),
            *(["peels"] if peels else []),
        ]
        chain = self._made.get(tuple(parts))
        if chain is None:
            chain = self._made[tuple(parts)] = _Chain(frozenset(parts), self._smoothing)
        chain.apply(get, drawn)
        self._settle()
        return chain.whole

    def _settle(self) -> None:
        """Begin and end a frame without drawing, if the window is new or has another size.

        Else the next frame of VTK 9.7.2 that peels layers lacks what lies in front of a scene, or has it elsewhere.
        """
        window = self._renderer.GetRenderWindow()
        if self._size != window.GetSize():
            window.Start()
            window.Frame()
            self._size = window.GetSize()


class _Chain:
    """Passes that draw one after the other."""

    def __init__(self, parts: frozenset[str], smoothing: Any) -> None:
        opaque: Any = _sequence(vtkLightsPass(), vtkOpaquePass())
        self._occlusion: Any = vtkSSAOPass() if "occlusion" in parts else None
        if self._occlusion is not None:
            self._occlusion.SetDelegatePass(opaque)
            opaque = self._occlusion
        translucent: Any = vtkTranslucentPass()
        self._peels: Any = vtkDepthPeelingPass() if "peels" in parts else None
        if self._peels is not None:
            self._peels.SetTranslucentPass(translucent)
            self._peels.SetOcclusionRatio(0.0)
            translucent = self._peels
        scene: Any = vtkCameraPass()
        scene.SetDelegatePass(_sequence(opaque, translucent, vtkVolumetricPass()))
        self._tones: Any = vtkToneMappingPass() if "tones" in parts else None
        smooth: Any = vtkOpenGLFXAAPass() if "smooth" in parts else None
        if smooth is not None:
            smooth.SetFXAAOptions(smoothing)
        for one in (self._tones, smooth):
            if one is not None:
                one.SetDelegatePass(scene)
                scene = one
        self.whole: Any = _sequence(scene, vtkOverlayPass())

    def apply(self, get: Mapping[str, Any], drawn: Drawn) -> None:
        """Draw as the properties of a view say."""
        if self._peels is not None:
            self._peels.SetMaximumNumberOfPeels(2 * _pairs_of_layers(get, drawn))
        if self._occlusion is not None:
            radius, bias = _reach_of_occlusion(get, drawn.diagonal)
            self._occlusion.SetRadius(radius)
            self._occlusion.SetBias(bias)
            self._occlusion.SetKernelSize(get["KernelSize"])
            self._occlusion.SetBlur(get["Blur"])
        if self._tones is not None:
            self._tones.SetToneMappingType(TONE_MAPPINGS.index(get["ToneMappingType"]))
            self._tones.SetExposure(get["Exposure"])
            for name in _OF_FILMIC:
                getattr(self._tones, f"Set{name}")(get[name])


def _sequence(*passes: Any) -> Any:
    made, all_of_it = vtkSequencePass(), vtkRenderPassCollection()
    for one in passes:
        all_of_it.AddItem(one)
    made.SetPasses(all_of_it)
    return made


def _reach_of_occlusion(get: Mapping[str, Any], diagonal: float) -> tuple[float, float]:
    """Return how far occlusion reaches, and how far surfaces stay clear of their own."""
    if get["UseSSAODefaultPresets"]:
        return _PART_OF_SCENE * diagonal, _STAYS_CLEAR * diagonal
    return float(get["Radius"]), float(get["Bias"])


def peels_less(get: Mapping[str, Any]) -> bool:
    """Return whether a reduced drawing puts fewer layers of what is translucent in order than a whole one."""
    return bool(get["DepthPeeling"]) and (get["MaximumNumberOfPeels"] or _ALL_PEELS) > _MOVING_PEELS


def _pairs_of_layers(get: Mapping[str, Any], drawn: Drawn) -> int:
    wanted = int(get["MaximumNumberOfPeels"]) or _ALL_PEELS
    return min(wanted, _MOVING_PEELS) if drawn.is_reduced else wanted
