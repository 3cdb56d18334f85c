"""Settings, by the names of ParaView's functions: the background of views, and what scripts write down besides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

from async_paraview.contrast import ink_on
from async_paraview.scene.views import USUAL_BACKGROUND

from ..current import nearest, session, when_gone


class Settings(ABC):
    """Settings of one kind: their names are attributes, as ParaView has them."""

    _defaults: ClassVar[Mapping[str, Any]]
    _meant: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def ListProperties(self) -> list[str]:
        """Return the names of all of them."""
        return list(self._defaults)

    def GetProperty(self, name: str) -> Any:
        """Return a setting. Raises AttributeError, with the nearest name."""
        return getattr(self, name)

    def UpdateVTKObjects(self) -> bool:
        """Return True: what is set takes effect at once."""
        return True

    @abstractmethod
    def _read(self, name: str) -> Any:
        """Return a setting."""

    @abstractmethod
    def _write(self, name: str, value: Any) -> None:
        """Set it. Raises ValueError."""

    def _known(self, name: str) -> str:
        meant = self._meant.get(name, name)
        if meant not in self._defaults:
            known = [*self._defaults, *self._meant]
            raise AttributeError(f"there is no setting {name!r} of {type(self).__name__}{nearest(name, known)}")
        return meant

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._read(self._known(name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._write(self._known(name), value)


class GeneralSettings(Settings):
    """What concerns ParaView's window: it is kept, without effect, since there is none here."""

    _defaults = MappingProxyType({
        "ShowWelcomeDialog": 1, "ShowSaveStateOnExit": 0, "CrashRecovery": 0, "LoadAllFavorites": 0,
        "ForceSingleColumnMenus": 0, "GUIOverrideFont": 0, "GUIFontSize": 8, "DefaultViewType": "RenderView",
        "InterfaceLanguage": "en", "ScreenPixelsPerInch": 72, "AutoApply": 0, "AutoApplyActiveOnly": 0,
        "PreservePropertyValues": 0, "LoadAllVariables": 0, "LoadNoChartVariables": 0, "PropertiesPanelMode": 0,
        "LockPanels": 0, "AutoConvertProperties": 0, "BlockColorsDistinctValues": 12, "ScalarBarMode": 0,
        "CacheGeometryForAnimation": 0, "AnimationGeometryCacheLimit": 102400, "AnimationTimeNotation": 0,
        "AnimationTimePrecision": 6, "ShowAnimationShortcuts": 0, "ResetDisplayEmptyViews": 1,
        "RealNumberDisplayedNotation": 0, "RealNumberDisplayedPrecision": 6, "FullNotationLowExponent": -6,
        "FullNotationHighExponent": 20, "InheritRepresentationProperties": 0, "NumberOfCallbackThreads": 1,
        "NumberOfSMPThreads": -1, "DefaultTimeStep": 1, "MaximumNumberOfDataRepresentationLabels": 100,
        "ColorByBlockColorsOnApply": 1, "IgnoreNegativeLogAxisWarning": 0, "EnableStreaming": 0,
        "TransferFunctionResetMode": 0, "DefaultSaveStateFormat": 0, "AutoSave": 0,
    })  # fmt: skip

    def _read(self, name: str) -> Any:
        return _kept.get(name, self._defaults[name])

    def _write(self, name: str, value: Any) -> None:
        _kept[name] = value


class ColorPalette(Settings):
    """The colors of the session's palette, for all views and those to come: `session.palette`, by ParaView's names.

    Foreground and Text are read as black or white while none are set, whichever is seen on the background.
    """

    _defaults = MappingProxyType({
        "BackgroundColor": list(USUAL_BACKGROUND), "BackgroundColor2": [0.0, 0.0, 0.16],
        "BackgroundColorMode": "Single Color", "ForegroundColor": None, "TextAnnotationColor": None,
        "SurfaceColor": [1.0, 1.0, 1.0], "LoadPalette": "",
    })  # fmt: skip
    _meant = MappingProxyType({
        "Background": "BackgroundColor", "Background2": "BackgroundColor2", "Foreground": "ForegroundColor",
        "Text": "TextAnnotationColor", "Surface": "SurfaceColor",
    })  # fmt: skip

    def _read(self, name: str) -> Any:
        value = self._defaults[name] if name == "LoadPalette" else getattr(session().palette, name)
        if value is None and name in ("ForegroundColor", "TextAnnotationColor"):
            return list(ink_on(self._read("BackgroundColor")))
        return self._defaults[name] if value is None else value

    def _write(self, name: str, value: Any) -> None:
        if name == "LoadPalette":
            session().palette.load(value)
            return
        if name == "BackgroundColorMode":
            modes = ("Single Color", "Gradient")
            value = modes[value] if value in (0, 1) else value
        setattr(session().palette, name, value)


_kept: Final[dict[str, Any]] = {}
_ALL: Final[Mapping[str, Settings]] = {"ColorPalette": ColorPalette(), "GeneralSettings": GeneralSettings()}

when_gone(_kept.clear)


def GetAllSettings() -> list[str]:
    """Return the names of the kinds of settings; how a server runs, docs/environment.md says."""
    return list(_ALL)


def GetSettingsProxy(type: str) -> Settings:
    """Return the settings of a kind. Raises ValueError, with the kinds that there are."""
    if type not in _ALL:
        raise ValueError(
            f"GetSettingsProxy: there are settings of the kinds {', '.join(_ALL)}, not {type!r}; "
            "how a server runs is said by its options (docs/environment.md)"
        )
    return _ALL[type]


class MaterialLibrary:
    """What states of ParaView give their views as OSPRayMaterialLibrary: it has no materials here."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(_no_materials(name))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(_no_materials(name))


def _no_materials(name: str) -> str:
    return (
        f"GetMaterialLibrary() has no {name!r}: libraries of OSPRay's materials are not read; what is shown has a "
        "material of its own where paths are traced (docs/raytracing.md)"
    )


_library: Final = MaterialLibrary()


def GetMaterialLibrary() -> MaterialLibrary:
    """Return the library without materials that views have: scripts of ParaView hand it on to them."""
    return _library
