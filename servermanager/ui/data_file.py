"""A file, or a series of files, of the server that was opened: its reader, its times, and walking through them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from async_paraview.information import DataInformation

from ..model.proxy import SourceProxy
from .owner import SceneOwner


class DataFile:
    """What `DataFile.open` gives: the reader that the server chose, by extension and content, and what it announces."""

    def __init__(self, reader: SourceProxy, information: DataInformation) -> None:
        self.reader = reader
        """The proxy, an input for filters."""
        self.information = information
        """What was read when it was opened: arrays, bounds, times."""

    @classmethod
    async def open(
        cls, session: SceneOwner, path: str | Path | Sequence[str | Path], *, series: bool = False
    ) -> DataFile:
        """Open a file, or several as one series; with `series` all numbered like it (see `Session.open`).

        Raises RemoteError: FileError if no reader takes it, ExecutionFailed, with the proxy deleted, if reading fails.
        """
        reader = await session.open(path, series=series)
        try:
            return cls(reader, await reader.update_pipeline())
        except BaseException:
            session.delete(reader)
            raise

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files of the reader."""
        values = self.reader.set_values()
        found = next((values[name] for name in ("FileNames", "FileName", "CaseFileName") if name in values), ())
        return (found,) if isinstance(found, str) else tuple(found)

    @property
    def time_steps(self) -> tuple[float, ...]:
        """Return the times that there are data for; empty if it is the same at all times."""
        return self.information.time_steps

    async def steps(self) -> AsyncIterator[tuple[float, DataInformation]]:
        """Read one time after the other: each with what it holds. Raises as update_pipeline does."""
        for time in self.time_steps:
            yield time, await self.reader.update_pipeline(time=time)

    def __repr__(self) -> str:
        return f"<DataFile of {self.reader!r}: {len(self.time_steps) or 'no'} times>"
