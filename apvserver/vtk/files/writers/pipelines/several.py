"""Writers of VTK that have several names for files, or a directory and the beginning of names; all appear together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ....base.data_roots import writable_path
from ....base.errors import FileError
from ..in_a_child import write_in_a_child
from ..staging import speaking_of, staged_directory
from ..verification import check_room
from ..writing import Written, executed, harmless, refuse_told, set_on

FILES: Final[dict[str, tuple[str, ...]]] = {
    "vtkBYUWriter": ("DisplacementFileName", "ScalarFileName", "TextureFileName", "GeometryFileName"),
    "vtkMCubesWriter": ("LimitsFileName", "FileName"),
    "vtkMNITransformWriter": ("FileName",),
}
"""By class: the properties that name files. The last has to be set, and its file takes its place last."""
_ENSIGHT: Final = "vtkEnSightWriter"
WRITERS: Final = frozenset({*FILES, _ENSIGHT})


def write_several(writer: Any, data: Any) -> Written:
    """Have a writer of this kind write. Raises `FileError`, with all old files as they were."""
    target, names = (_of_ensight if type(writer).__name__ == _ENSIGHT else _of_files)(writer)
    last = target.name
    with staged_directory(target, follow=False) as staging:
        place = staging.directory
        with speaking_of(place, target.parent):
            told = _execute(writer, {name: place / called for name, called in names.items()}, data)
            refuse_told(writer, place / last, told, there=(place / last).is_file())
        for name in (written := staging.written()):
            writable_path(str(staging.place.parent / name))
            if (place / name).stat().st_size == 0:
                raise FileError(f"{target}: nothing was written to {name}; nothing was changed")
            check_room(place / name)
        size_bytes = sum((place / name).stat().st_size for name in written)
        staging.publish([*(name for name in written if name != last), last])
    return Written(size_bytes, None)


def _execute(writer: Any, names: Mapping[str, Path], data: Any) -> list[str]:
    """Write in a child: on a full disk VTK ends the process. What has no data to be handed over is small."""
    if data is not None:
        told = write_in_a_child(type(writer).__name__, names, data, set_on(writer))
        return [one for one in told if not harmless(one)]
    before = writer.GetFileName()
    writer.SetFileName(str(names["FileName"]))
    try:
        return executed(writer, lambda: _update(writer))[1]
    finally:
        writer.SetFileName(before)


def _update(writer: Any) -> list[str]:
    writer.Modified()
    writer.Update()
    return []


def _of_files(writer: Any) -> tuple[Path, dict[str, str]]:
    """Return the file that takes its place last, and how all are called, by property."""
    properties = FILES[type(writer).__name__]
    found = {name: Path(value) for name in properties if (value := getattr(writer, f"Get{name}")())}
    if properties[-1] not in found:
        raise FileError(f"{properties[-1]} is empty: it names the file to be written")
    if len({os.path.realpath(one.parent) for one in found.values()}) > 1:
        raise FileError(f"{', '.join(found)} name files of one directory, so that all appear together or none")
    if len({one.name for one in found.values()}) < len(found):
        raise FileError(f"{', '.join(found)} name the same file")
    for one in found.values():
        writable_path(str(one))
    return found[properties[-1]], {name: path.name for name, path in found.items()}


def _of_ensight(writer: Any) -> tuple[Path, dict[str, str]]:
    """Return what VTK makes of Path, BaseName and FileName: the last stands for those of the others that are empty."""
    named = Path(writer.GetFileName() or "")
    directory, base = writer.GetPath() or str(named.parent), writer.GetBaseName() or named.stem
    if not base or os.path.basename(base) != base:
        raise FileError("BaseName is to be the beginning of the names of the files, and Path their directory")
    target = Path(directory) / f"{base}.{writer.GetProcessNumber()}.case"
    writable_path(str(target))
    return target, {"FileName": f"{base}.case"}
