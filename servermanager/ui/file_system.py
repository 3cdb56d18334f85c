"""The files of the server, as a client sees them: pages of directories, numbered files as one entry."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final, Protocol

from async_paraview.operations.data import ListFiles
from async_paraview.records import dataclass
from services_core import ServiceEndpoint
from services_core.payload import unpack_payload

PAGE: Final = 1000
"""How many entries a page has if nothing else is asked for; the server gives at most 10000."""


class DataClient(Protocol):
    """Whoever is connected to a data service."""

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service: another after a restart."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One line of a listing. `kind` is "directory", "file" or "series": files that differ in their number only.

    Of a series `path` is the first file, `files` their number, and `size_bytes` that of all. `readable`: the server
    knows a reader for the extension. `modified_s` is in seconds since 1970.
    """

    name: str
    path: str
    kind: str
    size_bytes: int
    modified_s: float
    readable: bool
    files: int = 1


@dataclass(frozen=True, slots=True)
class FilePage:
    """A part of a directory: directories first, then files, by name. `total` is how many entries the directory has.

    `parent` is None where it may not be listed. `roots` are the directories that the server confines its clients to.
    """

    path: str
    parent: str | None
    roots: tuple[str, ...]
    total: int
    entries: tuple[FileEntry, ...]


class FileSystem:
    """`session.files`: answered while filters execute, and only of what lies below the server's data roots."""

    def __init__(self, client: DataClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return "<files of the server: await list(path) has some of them>"

    async def list(self, path: str = "", *, offset: int = 0, limit: int = PAGE) -> FilePage:
        """Return a page of a directory: `limit` entries, from number `offset` on.

        `path` "" is the first data root, or the home directory of the server's user. Raises RemoteError (FileError) if
        there is no such directory, or if it may not be listed.
        """
        wanted = ListFiles(path=str(path), offset=offset, limit=limit)
        found: dict[str, Any] = unpack_payload(await self._client.data.send_request(wanted.packet()))
        entries = tuple(FileEntry(**one) for one in found["entries"])
        return FilePage(found["path"], found["parent"], tuple(found["roots"]), found["total"], entries)

    async def walk(self, path: str = "", *, limit: int = PAGE) -> AsyncIterator[FileEntry]:
        """Yield all entries of a directory, page by page. Raises as `list` does."""
        offset, total = 0, 1
        while offset < total:
            page = await self.list(path, offset=offset, limit=limit)
            for entry in page.entries:
                yield entry
            offset, total = offset + limit, page.total
