"""What touches VTK: reflection, pipelines, geometry, rendering."""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_PREFIX = "vtkmodules."


class LibraryFinder(MetaPathFinder):
    """Finds the modules of VTK's wheel as its own finder does, which lists their folder anew for each: 1 ms for each.

    What it does not find, or would be loaded otherwise than by the loader of VTK 9.7, is left to that.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of VTK is."""
        package: Any = sys.modules.get("vtkmodules")
        loader, loading = getattr(package, "VTKLoader", None), getattr(package, "LOADING_STACK", None)
        if not fullname.startswith(f"{_PREFIX}vtk") or path is None or loader is None or not isinstance(loading, list):
            return None
        file = next(
            (one[name] for one in map(_libraries, path) if (name := fullname.removeprefix(_PREFIX)) in one), None
        )
        if file is None:
            return None
        loading.append(fullname)  # its loader waits for the last of them before it adds what is written in Python
        return importlib.util.spec_from_file_location(fullname, file, loader=loader(fullname, file))


@functools.cache
def _libraries(folder: str) -> Mapping[str, str]:
    """Return the extension modules in a folder of this interpreter, by name."""
    suffixes = tuple(importlib.machinery.EXTENSION_SUFFIXES)
    files = [one for one in os.listdir(folder) if one.endswith(suffixes)]
    return {one.partition(".")[0]: os.path.join(folder, one) for one in files}


def find_libraries() -> None:
    """Have VTK's modules found by `LibraryFinder` from now on. Imports vtkmodules, whose finder comes after it."""
    import vtkmodules  # noqa: F401  late: a server that has workers knows of this package, and loads no VTK

    if not any(isinstance(one, LibraryFinder) for one in sys.meta_path):
        sys.meta_path.insert(0, LibraryFinder())
