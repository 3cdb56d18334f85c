"""Files that a state names, found again where they are now: on the server, by its own judgement."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from async_paraview.operations.data import ChooseReader
from services_core import RemoteError
from services_core.payload import unpack_payload

from ...scene import Scene
from ..state_check import StateError

_MISSING: Final = "no such file on the server"
_DEEPEST: Final = 6
"""So many of the last directories of a name are looked for below others."""
Paths = Mapping[str, str] | Iterable[str] | None
"""Beginnings of names by what they are now, or directories in which files are looked for."""


def beginnings(paths: Paths) -> Mapping[str, str]:
    """Return what replaces beginnings of names. Raises ValueError for directories: of ParaView's states only."""
    if paths is None or isinstance(paths, Mapping):
        return paths or {}
    raise ValueError("paths= takes directories for states of ParaView; for this file it is {old beginning: new one}")


class FileFinder:
    """Finds the files of a state: where it says, where `paths` says, below given directories, and beside the state."""

    def __init__(self, scene: Scene, where: str, paths: Paths) -> None:
        """Look on the server of `scene`; `where` is the state file."""
        self._scene = scene
        self._where = where
        self._beginnings = dict(paths) if isinstance(paths, Mapping) else {}
        given = [paths] if isinstance(paths, str) else [] if paths is None or isinstance(paths, Mapping) else paths
        self._directories = [str(one) for one in given]

    async def find(self, owner: str, names: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
        """Return where files are now, and which reader the server has for them: {type, properties}.

        Raises StateError, which says where they were looked for.
        """
        tried: dict[tuple[str, ...], str] = {}
        for places in self._places(names):
            if tuple(places) in tried:
                continue
            try:
                reply = self._scene.data.send_request(ChooseReader(paths=tuple(places)).packet())
                chosen: dict[str, Any] = unpack_payload(await reply)
                return places, chosen
            except RemoteError as error:
                tried[tuple(places)] = error.message
        looked = "; ".join(places[0] if _MISSING in said else said for places, said in tried.items())
        raise StateError(
            f"{self._where}: the file of {owner} is not on the server; looked for {looked}. Give paths={{old "
            "beginning: new}}, or paths=[directory, ...] of the server to look in, or partial=True to load the rest"
        )

    def _places(self, names: Sequence[str]) -> Iterator[list[str]]:
        """Yield where files may be, the most likely first."""
        yield [self._begun(one) for one in names]
        parts = [_parts(one) for one in names]
        beside = posixpath.dirname(self._where.replace("\\", "/"))
        for directory in [*self._directories, beside]:
            most = min(_DEEPEST, *(len(one) for one in parts))
            for kept in range(most, 0, -1):
                yield [posixpath.join(directory, *one[-kept:]) for one in parts]

    def _begun(self, name: str) -> str:
        for old, new in self._beginnings.items():
            if name.startswith(old):
                return f"{new}{name.removeprefix(old)}"
        return name


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]
