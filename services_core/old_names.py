"""Names that were changed: for one release the old names lead to the new, with a warning."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
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


def warn_of_old(old: str, new: str, *, stacklevel: int = 2) -> None:
    """Leave a DeprecationWarning that `old` is called `new` now, at who called the caller, or further up."""
    text = f"{old} is called {new} now; the old name goes with the next minor release"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel + 1)
