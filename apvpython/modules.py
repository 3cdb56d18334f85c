"""Finding what `-m` names, as python does."""

from __future__ import annotations

import importlib.util
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec


def find_main(name: str) -> tuple[ModuleSpec, str]:
    """Return where a module is, of a package its `__main__`, and its source.

    The packages that it is in are imported. Raises LookupError, saying why, if there is nothing to run.
    """
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name == error.name or name.startswith(f"{error.name}.")):
            raise  # what the package imports is missing
        raise LookupError(f"there is no module {error.name!r}, so {name!r} cannot be run") from None
    except ValueError:  # as of __main__, which has no place
        spec = None
    if spec is None:
        raise LookupError(f"there is no module {name!r} beside this directory, in PYTHONPATH or installed")
    if spec.submodule_search_locations is not None:
        if name.endswith(".__main__"):
            raise LookupError(f"{name!r} is a package, which cannot be run")
        try:
            return find_main(f"{name}.__main__")
        except LookupError:
            raise LookupError(f"{name!r} is a package without a module __main__: name one of its modules") from None
    source = spec.loader.get_source(name) if isinstance(spec.loader, InspectLoader) else None
    if source is None:
        raise LookupError(f"the module {name!r} has no source that could be run")
    return spec, source
