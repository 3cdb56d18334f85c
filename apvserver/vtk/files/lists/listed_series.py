"""Series of files by the file that lists them: ParaView's .pvd, and .series."""

from __future__ import annotations

from typing import Any, ClassVar

from ...algorithms.own_algorithms import told
from ...base.errors import FileError
from ...types.own_properties import text
from ..file_series import FileSeriesReader
from ..file_states import FileStates, states_of
from ..series import choose_for


class ListedSeriesReader(FileSeriesReader):
    """ListedSeriesReader - Reads what a .pvd or .series file lists, at the times that it says."""

    PROPERTIES: ClassVar = (
        *FileSeriesReader.PROPERTIES,
        text("FileName", "", "The .pvd or .series file, on the server.", path=True),
    )

    def __init__(self) -> None:
        super().__init__()
        self._list: tuple[str, FileStates] | None = None

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Look into the list, if it has changed; then as its base."""
        return told(type(self).__name__, self._follow) and super().RequestDataObject(request, inInfo, outInfo)

    def files_looked_at(self) -> tuple[str, ...]:
        """Return the list, and the files that were read."""
        return (self.value_of("FileName"), *super().files_looked_at())

    def states_looked_at(self) -> FileStates:
        """Return how those files were then."""
        return {**({} if self._list is None else self._list[1]), **super().states_looked_at()}

    def _follow(self) -> None:
        path = self.value_of("FileName") or ""
        if not path.lower().endswith((".pvd", ".series")):
            raise FileError(f"{path or 'FileName'}: a list of files is named, with the extension .pvd or .series")
        now = path, states_of([path])
        if now == self._list:
            return
        _, listed = choose_for([path])
        self._names = list(listed["FileNames"])
        self._times = list(listed["TimeValues"])
        self._parts = list(listed.get("PartNames", ()))
        self._list = now
        self._forget()
