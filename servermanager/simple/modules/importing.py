"""`import paraview.simple` where ParaView is not installed: scripts find these functions under ParaView's names."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from services_core import suggest

MODULES: Final[Mapping[str, str]] = MappingProxyType({
    "paraview": "",
    "paraview.simple": "servermanager.simple",
    "paraview.servermanager": "servermanager.simple.modules.server_manager",
    "paraview.selection": "servermanager.simple.functions.selections",
    "paraview.smtrace": "servermanager.simple.modules.smtrace",
    "paraview.catalyst": "servermanager.simple.modules.catalyst",
    "paraview.vtk": "vtkmodules.all",
    "paraview.numpy_support": "vtkmodules.util.numpy_support",
})  # fmt: skip
"""ParaView's modules, and what stands for them."""
_VTK: Final = "paraview.vtk."


class _Compatibility:
    """The version that a script was written for: what it sets is without effect."""

    major: Any = None
    minor: Any = None

    def GetVersion(self) -> Any:
        """Return the version whose names these are."""
        from ..connections import GetParaViewVersion

        return GetParaViewVersion()


class ParaViewFinder(MetaPathFinder, Loader):
    """Finds ParaView's modules, after all others were asked: an installed ParaView comes first."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is; None for one that is not ParaView's.

        Raises ModuleNotFoundError, with the nearest names, for a module of ParaView's that is not there.
        """
        if fullname in MODULES:
            return ModuleSpec(fullname, self, is_package=fullname in ("paraview", "paraview.vtk"))
        if fullname.startswith(_VTK):
            found = importlib.util.find_spec(f"vtkmodules.{fullname.removeprefix(_VTK)}")
            if found is not None:
                return ModuleSpec(fullname, self, is_package=found.submodule_search_locations is not None)
        if not fullname.startswith("paraview."):
            return None
        near = suggest(fullname, MODULES) or sorted(MODULES)
        message = f"there is no {fullname!r} here, where ParaView is not installed; there is {', '.join(near)}"
        raise ModuleNotFoundError(message, name=fullname)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:
        """Have Python make an empty module."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Put what stands for it in its place."""
        name = module.__name__
        if name == "paraview":
            _fill_package(module)
        elif name == "paraview.vtk":
            whole = importlib.import_module(MODULES[name])
            module.__dict__["__getattr__"] = lambda one: getattr(whole, one)
            module.__dict__["__all__"] = [one for one in dir(whole) if not one.startswith("_")]
        else:
            real = MODULES.get(name) or f"vtkmodules.{name.removeprefix(_VTK)}"
            sys.modules[name] = importlib.import_module(real)


def _fill_package(module: types.ModuleType) -> None:
    def missing(name: str) -> Any:
        if f"paraview.{name}" in MODULES:
            return importlib.import_module(f"paraview.{name}")
        raise AttributeError(f"paraview has no {name!r} here, where ParaView is not installed")

    module.__dict__.update(
        compatibility=_Compatibility(),
        print_error=lambda *text: sys.stderr.write(" ".join(map(str, text)) + "\n"),
        print_warning=lambda *text: sys.stderr.write(" ".join(map(str, text)) + "\n"),
        fromGUI=False,
        __getattr__=missing,
    )


_FINDER: Final = ParaViewFinder()


def as_paraview() -> None:
    """Have `import paraview.simple` find these functions from now on, unless ParaView is installed. May be repeated."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.append(_FINDER)


def run_script(path: str) -> None:
    """Run a script of ParaView's, or a state that was saved as one. Raises what it raises, and OSError."""
    as_paraview()
    code = compile(Path(path).read_bytes(), path, "exec")
    exec(code, {"__name__": "__main__", "__file__": path})  # noqa: S102  # the user's own script
