"""Names and modules that were changed: for one release the old names lead to the new, with a warning."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from inspect import currentframe
from types import ModuleType
from typing import Any, Final, NamedTuple


def old_names(module: str, renamed: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of `module`, a package, under which each old name in `renamed` is the new one.

    Each use of an old name leaves a DeprecationWarning; any other name raises AttributeError as usual.
    """

    def __getattr__(name: str) -> Any:
        new = renamed.get(name)
        if new is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        warn_of_old(f"{module}.{name}", f"{module}.{new}")
        return getattr(sys.modules[module], new)

    return __getattr__


def old_modules(package: str, moved: Mapping[str, str]) -> None:
    """Have modules of `package` found under the names that they had before they were moved.

    `moved` leads from the old name within the package to the whole new name. The first import of each leaves a
    DeprecationWarning where it stands.
    """
    sys.meta_path.append(OldModules(package, moved))


class OldModules(MetaPathFinder, Loader):
    """Finds the modules of a package that were moved. It is asked last, for what nobody else has found."""

    def __init__(self, package: str, moved: Mapping[str, str]) -> None:
        self.package = package
        self.moved = {f"{package}.{old}": new for old, new in moved.items()}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in self.moved else None

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave making the module to Python, so that the moved module keeps its own name."""

    def exec_module(self, module: ModuleType) -> None:
        old, new = module.__name__, self.moved[module.__name__]
        warn_of_old(old, new)
        found = vars(import_module(new))
        vars(module).update({name: value for name, value in found.items() if name == "__all__" or name[:2] != "__"})


class Place(NamedTuple):
    """A line of a program."""

    path: str
    line: int
    module: str


_SPEAKER: Final[ContextVar[Place | None]] = ContextVar("speaker", default=None)


def speak_for(place: Place) -> None:
    """Have what is done in this context from now on be done for a line of a program, which another thread is at."""
    _SPEAKER.set(place)


def place_outside(*packages: str) -> Place:
    """Return the line that called into these packages: the first one, from here up, that is in none of them."""
    if (speaker := _SPEAKER.get()) is not None:
        return speaker
    frame = currentframe()
    inside = (__name__.partition(".")[0], *packages)
    while frame is not None and _package(frame.f_globals.get("__name__", "")) in inside:
        frame = frame.f_back
    if frame is None:
        return Place("", 0, "__main__")
    return Place(frame.f_code.co_filename, frame.f_lineno, frame.f_globals.get("__name__", "__main__"))


@cache
def _package(module: str) -> str:
    """Return the package that a module is of: asked for many frames each time."""
    return module.partition(".")[0]


def warn_at(place: Place, text: str) -> None:
    """Leave a DeprecationWarning at a line of a program."""
    registry = getattr(sys.modules.get(place.module), "__dict__", {}).setdefault("__warningregistry__", {})
    warnings.warn_explicit(text, DeprecationWarning, place.path, place.line, place.module, registry)


def warn_of_old(old: str, new: str, *, stacklevel: int = 2) -> None:
    """Leave a DeprecationWarning that `old` is called `new` now, at who called the caller, or further up."""
    text = f"{old} is called {new} now; the old name goes with the next minor release"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel + 1)
