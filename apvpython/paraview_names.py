"""`import paraview.simple` in scripts: found here where ParaView is not installed, and nothing is loaded before."""

from __future__ import annotations

import sys
import types
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Final

PARAVIEW: Final = "paraview"


class ParaViewWhenAsked(MetaPathFinder):
    """Asks the finder of `servermanager.simple`, which is loaded with the first import of a module of ParaView's."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of ParaView's is, None for any other. Raises ModuleNotFoundError as that finder."""
        if fullname.partition(".")[0] != PARAVIEW:
            return None
        from servermanager.simple.modules.importing import ParaViewFinder

        return ParaViewFinder().find_spec(fullname, path, target)


def find_paraview() -> None:
    """Have scripts find ParaView's names from now on, after everything that is installed. May be repeated."""
    if not any(isinstance(one, ParaViewWhenAsked) for one in sys.meta_path):
        sys.meta_path.append(ParaViewWhenAsked())
