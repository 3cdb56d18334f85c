"""What was read from VTK's classes, kept on disk: reading a class takes milliseconds, loading the result does not.

One file of JSON per class, in a directory that belongs to one VTK and to the code that reads classes: if either
changes, so does the directory. Files appear whole; what cannot be loaded is read from the class again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
import secrets
from pathlib import Path
from typing import Any, Final

import platformdirs
from vtkmodules.vtkCommonCore import vtkVersion

from ...settings import CACHE_OFF, adopted
from .catalog import OWN_CLASSES
from .definitions import Accessor, Definition, InputDefinition, PropertyDefinition, Reflected

_log = logging.getLogger(__name__)

_ROOT: Final = Path(__file__).parents[3]
_BASES: Final = ("algorithms/array_algorithm", "algorithms/passing", "files/readers/own_reader")
"""Of classes of our own."""


def _sources() -> list[Path]:
    """Return the files whose text decides what is found: this room, facts of classes, our own classes."""
    room = Path(__file__).parent
    own = {_ROOT.joinpath(*module.split(".")).with_suffix(".py") for module in OWN_CLASSES.values()}
    facts = room.parent / "base" / "facts" / "classes.toml"
    return [
        *sorted(room.rglob("*.py")),
        *sorted(room.rglob("*.toml")),
        *(room.parent / f"{name}.py" for name in _BASES),
        facts,
        *sorted(own),
    ]


def load(vtk_name: str) -> Reflected | None:
    """Return what was found in a class before, None if that is not known."""
    directory = cache_directory()
    if directory is None:
        return None
    try:
        return _from_dict(json.loads((directory / f"{vtk_name}.json").read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        _log.debug("the cached definition of %s cannot be used: %s", vtk_name, error)
        return None


def store(vtk_name: str, found: Reflected) -> None:
    """Keep what was found in a class. A disk that refuses is no error: the class is then read every time."""
    directory = cache_directory()
    if directory is None or any(one.constants for one in found.accessors.values()):
        return  # constants of a C++ enumeration are objects of VTK
    part = directory / f"{vtk_name}-{secrets.token_hex(8)}.part"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("x", encoding="utf-8") as file:  # for whom the umask allows: users may share the directory
                json.dump(_to_dict(found), file)
            os.replace(part, directory / f"{vtk_name}.json")
        finally:  # a full disk; on Windows another process may have the file open, which has written the same
            part.unlink(missing_ok=True)
    except OSError as error:
        _log.debug("the definition of %s cannot be cached: %s", vtk_name, error)


def cache_directory() -> Path | None:
    """Return where the files of this VTK and of this code are; None without a cache."""
    text = adopted().cache
    if text == CACHE_OFF:
        return None
    key = _key()
    if key is None:
        return None
    return (Path(text) if text else platformdirs.user_cache_path("async-paraview")) / key


@functools.cache
def _key() -> str | None:
    digest = hashlib.sha256()
    try:
        for path in _sources():
            digest.update(path.read_bytes())
    except OSError:  # imported from an archive
        return None
    return f"vtk-{vtkVersion.GetVTKVersion()}-{digest.hexdigest()[:16]}"


def _to_dict(found: Reflected) -> dict[str, Any]:
    accessors = [[name, one.getter, one.setter, one.as_tuple] for name, one in found.accessors.items()]
    return {"definition": found.definition.to_dict(), "accessors": accessors}


def _from_dict(plain: dict[str, Any]) -> Reflected:
    definition = plain["definition"]
    properties = {one["name"]: PropertyDefinition(**_with_tuples(one)) for one in definition["properties"]}
    made = Definition(
        **{
            **_with_tuples(definition),
            "inputs": tuple(InputDefinition(**_with_tuples(one)) for one in definition["inputs"]),
            "properties": tuple(properties.values()),
        }
    )
    accessors = {name: Accessor(properties[name], *rest) for name, *rest in plain["accessors"]}
    return Reflected(made, properties, accessors)


def _with_tuples(plain: dict[str, Any]) -> dict[str, Any]:
    """Return frozen values, which have tuples where files have lists."""
    return {name: _as_tuple(value) for name, value in plain.items()}


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(one) for one in value) if isinstance(value, list) else value
