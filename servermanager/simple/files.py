"""Files: opened, and written: data, pictures, states."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from services_core import RemoteError

from . import layouts
from .current import a_source, a_view, is_view, nearest, session
from .proxies import set_all
from .views import GetRenderViews, keep_cameras, palette_name, use_light, use_palette

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]

SUFFIXES_OF_PICTURES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
_OF_PICTURES: Final = {
    "ImageResolution": "the size of the picture", "TransparentBackground": "leave the background out",
    "OverrideColorPalette": "a palette of its own", "magnification": "a factor of the size", "quality": "of JPEG",
    "ImageQuality": "of JPEG", "CompressionLevel": "of PNG", "FontScaling": "of texts", "SeparatorWidth": "of layouts",
    "SeparatorColor": "of layouts", "StereoMode": "none", "SaveAllViews": "of layouts", "SaveInBackground": "no",
    "Quality": "of videos and JPEG", "Compression": "of videos", "BitRate": "of videos", "location": "here",
}  # fmt: skip


def OpenDataFile(filename: Paths, **extraArgs: Any) -> Any:
    """Make the reader for a file of the server, or for a list of files as times; it becomes the active source.

    Raises RemoteError (FileError) for a file that cannot be read, AttributeError, ... for properties.
    """
    name = extraArgs.pop("registrationName", extraArgs.pop("guiName", None))
    one = isinstance(filename, (str, os.PathLike))
    made = session().open(os.fspath(filename) if one else [os.fspath(each) for each in filename])  # type: ignore[union-attr,arg-type]
    set_all(made, extraArgs)
    if name and session().proxies.name_is_free(name):
        session().proxies.rename(made, name)
    return made


def ReloadFiles(proxy: Any = None) -> bool:
    """Have the files of a reader read anew, the active source by default."""
    reader = a_source(proxy, "ReloadFiles")
    names = [one for one in reader.ListProperties() if one in ("FileName", "FileNames")]
    if not names:
        raise ValueError(f"{reader!r} reads no files")
    value = getattr(reader, names[0])
    delattr(reader, names[0])
    setattr(reader, names[0], value)
    reader.UpdatePipeline()
    return True


def ReplaceReaderFileName(readerProxy: Any, files: Sequence[str], propName: str) -> None:
    """Have a reader read other files."""
    reader = a_source(readerProxy, "ReplaceReaderFileName")
    setattr(reader, propName, list(files) if len(files) > 1 else files[0])


def SaveData(filename: str | os.PathLike[str], proxy: Any = None, **extraArgs: Any) -> bool:
    """Write what a source gives (the active one by default) to a file of the server, whose ending says the format.

    Options are properties of the writer; WriteTimeSteps writes all times, or those from Firsttimestep to Lasttimestep.
    Raises RemoteError (FileError).
    """
    source = a_source(proxy, "SaveData")
    times, options = _times_to_save(source, {name: value for name, value in extraArgs.items() if name != "extents"})
    session().save_data(os.fspath(filename), source, WriteTimeSteps=times, **options)
    return True


_OF_TIMES: Final = {
    "Writetimestepsasfileseries": "WriteTimeSteps", "Filenamesuffix": "FileNameSuffix", "Firsttimestep": "MinTimeStep",
    "Lasttimestep": "MaxTimeStep", "Timestepstride": "TimeStepStride",
}  # fmt: skip
"""ParaView's former names, and those that it has now."""


def _times_to_save(source: Any, given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return which times are to be saved, False for the present one, and the options of the writer."""
    options = {_OF_TIMES.get(name, name): value for name, value in given.items()}
    level = options.get("CompressionLevel")
    if isinstance(level, str) and level.isdecimal():  # as ParaView's scripts have it
        options["CompressionLevel"] = int(level)
    wanted = bool(options.pop("WriteTimeSteps", False))
    if options.pop("WriteTimeStepsSeparately", True) in (0, False) and wanted:
        raise ValueError("SaveData: several times are several files here: WriteTimeStepsSeparately is on")
    first, last = int(options.pop("MinTimeStep", 0)), int(options.pop("MaxTimeStep", -1))
    stride = int(options.pop("TimeStepStride", 1))
    if not wanted:
        options.pop("FileNameSuffix", None)
        return False, options
    if (first, last, stride) == (0, -1, 1):
        return True, options
    if first < 0 or stride < 1:
        raise ValueError(f"SaveData: times are counted from 0 in steps of 1 or more, not from {first} in {stride}")
    source.UpdatePipeline()
    steps = wait_for_times(source)
    return steps[first : len(steps) if last < 0 else last + 1 : stride], options


def CreateWriter(filename: str | os.PathLike[str], proxy: Any = None, **extraArgs: Any) -> _Writer:
    """Return what writes a source to a file: `UpdatePipeline()` does it."""
    return _Writer(os.fspath(filename), a_source(proxy, "CreateWriter"), extraArgs)


class _Writer:
    """Writes a source to a file when it is asked to."""

    def __init__(self, filename: str, proxy: Any, options: dict[str, Any]) -> None:
        self.FileName = filename
        self.Input = proxy
        self._options = options

    def UpdatePipeline(self, time: float | None = None) -> None:
        """Write it, as it is at a time if one is given."""
        if time is None:
            SaveData(self.FileName, self.Input, **self._options)
            return
        self.Input.UpdatePipeline(time)
        times, options = _times_to_save(self.Input, self._options)
        at = {"WriteTimeSteps": times} if times else {"time": time}
        session().save_data(self.FileName, self.Input, **at, **options)


def SaveScreenshot(filename: str | os.PathLike[str], viewOrLayout: Any = None, *more: Any, **params: Any) -> bool:
    """Write a picture of a view (the active one by default), or of all views of a layout.

    ImageResolution is its size, TransparentBackground leaves the background out, OverrideColorPalette gives it another
    one; SaveAllViews is of the layout of the view, SeparatorWidth and SeparatorColor are of what is between views.
    Raises ValueError for an ending that is no kind of picture, and for options that are not there.
    """
    if more:
        params.setdefault("ImageResolution", more[0])
    pictured, how = pictured_with(viewOrLayout, params, "SaveScreenshot")
    with how.palette:
        pictured.fit_once()
        pictured.save_screenshot(os.fspath(filename), **how.options)
    return True


@dataclass(frozen=True)
class _How:
    """How a picture is made: options of the session's own call, and the palette meanwhile."""

    options: dict[str, Any]
    palette: AbstractContextManager[None]


def pictured_with(view_or_layout: Any, params: dict[str, Any], what: str) -> tuple[Any, _How]:
    """Return the view or the layout that a picture is made of, and how. Raises as `SaveScreenshot`."""
    options = picture_options(params)
    pictured = view_or_layout if layouts.is_layout(view_or_layout) else a_view(view_or_layout, what)
    if params.get("SaveAllViews") and not layouts.is_layout(pictured):
        pictured = layouts.GetLayout(pictured) or pictured
    if layouts.is_layout(pictured):
        for theirs, ours in (("SeparatorWidth", "separator_width"), ("SeparatorColor", "separator_color")):
            if params.get(theirs) is not None:
                options[ours] = params[theirs]
    return pictured, _How(options, _palette(params.get("OverrideColorPalette")))


def WriteImage(filename: str | os.PathLike[str], view: Any = None, **params: Any) -> None:
    """Do what `SaveScreenshot` does; `Magnification` multiplies the size. It is ParaView's former name."""
    params = {{"Magnification": "magnification"}.get(name, name): value for name, value in params.items()}
    params.pop("Writer", None)
    SaveScreenshot(filename, view, **params)


def picture_options(params: dict[str, Any]) -> dict[str, Any]:
    """Return options of a picture by their names here. Raises ValueError for those that are not there."""
    unknown = [one for one in params if one not in _OF_PICTURES]
    if unknown:
        raise ValueError(f"there is no option {unknown[0]!r} of pictures{nearest(unknown[0], _OF_PICTURES)}")
    if params.get("StereoMode", "No change") not in ("No change", "", None, 0):
        raise ValueError("StereoMode: pictures for two eyes are not made here")
    if params.get("FontScaling", "Scale fonts proportionally") != "Scale fonts proportionally":
        raise ValueError("FontScaling: texts grow with the picture here")
    options: dict[str, Any] = {}
    if params.get("ImageResolution"):
        width, height = params["ImageResolution"]
        options["size"] = (int(width), int(height))
    if params.get("TransparentBackground"):
        options["transparent"] = True
    if params.get("magnification"):
        options["magnification"] = int(params["magnification"])
    return options


@contextmanager
def _palette(name: str | None) -> Iterator[None]:
    """Give views another palette for a block; None leaves them as they are."""
    if not name:
        yield
        return
    names = ("Background", "Background2", "UseGradientBackground")
    before = [(one, {name: getattr(one, name) for name in names}) for one in GetRenderViews()]
    try:
        with session().undo.paused():
            use_palette(palette_name(name))
        yield
    finally:
        with session().undo.paused():
            for view, properties in before:
                view.update(**properties)


def SaveState(filename: str | os.PathLike[str], *more: Any, **options: Any) -> None:
    """Write all there is to a state file: .pvsm and .json are states, .py a script for apvpython."""
    path = os.fspath(filename)
    if path.endswith(".py"):
        session().save_script(path)
    else:
        session().save_state(path)


def LoadState(
    statefile: str | os.PathLike[str],
    data_directory: str | None = None,
    restrict_to_data_directory: bool = False,
    filenames: Any = None,
    *more: Any,
    **named: Any,
) -> Any:
    """Make what a state file describes, beside what there is; a .py file is run.

    Files are looked for in `data_directory` if one is given. Raises OSError, StateError, and ValueError for options
    that are not there.
    """
    path = os.fspath(statefile)
    if path.endswith(".py"):
        from .modules.importing import run_script

        run_script(path)
        return None
    if filenames or more:
        raise ValueError("LoadState: files are found again by data_directory= here, not by filenames=")
    paths = [data_directory] if data_directory else None
    directory = named.pop("DataDirectory", None) or named.pop("LoadStateDataFileOptions", None)
    if named or (directory and not paths):
        raise ValueError(
            f"LoadState: {[*named, *(['DataDirectory'] if directory else [])]} are not there; use data_directory="
        )
    before = session().all_views()
    found = session().load_state(path, paths=paths)
    keep_cameras()
    views = session().all_views()
    if path.endswith(".pvsm"):  # without a light in the file, views have that of ParaView
        use_light([one for one in views if one not in before])
    if views and session().proxies.active.view is None:
        session().proxies.active.set_view(views[-1])
    return found


def ExportView(filename: str | os.PathLike[str], view: Any = None, **params: Any) -> None:
    """Write what a view shows to a local file: .glb, .gltf, .x3d, .obj, .vtkjs, .vtksz or .html.

    A chart is written as .svg or .pdf. Raises ValueError for another ending, and for options, which there are
    none of; OSError, RemoteError.
    """
    shown = a_view(view, "ExportView")
    if params:
        raise ValueError(f"ExportView: there are no options of exporting here, such as {next(iter(params))!r}")
    shown.fit_once()
    shown.export(os.fspath(filename))


def is_picture_of(thing: Any) -> bool:
    """Return whether pictures can be made of it."""
    return is_view(thing) or layouts.is_layout(thing)


def wait_for_times(proxy: Any) -> list[float]:
    """Return the times of a source; none if it cannot be made."""
    try:
        return list(proxy.TimestepValues)
    except RemoteError:
        return []
