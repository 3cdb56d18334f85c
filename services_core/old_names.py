"""Names and modules that were changed: for one release the old names lead to the new, with a warning."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


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


def warn_of_old(old: str, new: str, *, stacklevel: int = 2) -> None:
    """Leave a DeprecationWarning that `old` is called `new` now, at who called the caller, or further up."""
    text = f"{old} is called {new} now; the old name goes with the next minor release"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel + 1)
