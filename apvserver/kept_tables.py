"""Tables of plain data that take long to make and are the same each time, kept on disk as JSON."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import platformdirs

from async_paraview.atomic_files import write_file

from .settings import CACHE_OFF, adopted

_log = logging.getLogger(__name__)

_DIRECTORY: Final = "tables"


def kept_table(name: str, key: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `make` makes, from the cache of the user if it is there; `key` tells it from others of that name.

    It is to be what JSON has: lists, no tuples. A disk that refuses, or has something else, is no error: it is made.
    """
    text = adopted().cache
    if text == CACHE_OFF:
        return dict(make())
    root = Path(text) if text else platformdirs.user_cache_path("async-paraview")
    path = root / _DIRECTORY / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
    found = _read(path)
    if found is not None:
        return found
    made = dict(make())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, json.dumps(made))
    except OSError as error:
        _log.debug("%s cannot be kept: %s", path, error)
    return made


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.debug("%s cannot be used: %s", path, error)
        return None
    return found if isinstance(found, dict) else None
