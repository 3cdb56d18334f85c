"""Files: opened, and written: data, pictures, states."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from async_paraview.scene.extracts.types import FONT_SCALING
from services_core import RemoteError

from ..exports.page_options import page_options
from ..views.images import grown
from . import layouts
from .current import a_source, a_view, nearest, session
from .proxies import set_all
from .views import keep_cameras

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]

SUFFIXES_OF_PICTURES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
_PROPORTIONALLY, _NOT = FONT_SCALING
_FONT_SCALING: Final = {_PROPORTIONALLY: True, 0: True, _NOT: False, 1: False}
_NO_CHANGE: Final = ("No change", -1, "", None)
_BOTH_EYES: Final = ("Both Eyes", 11)
_STEREO: Final = {
    "No stereo": "", 0: "", "Red-Blue": "Red-Blue", 2: "Red-Blue", "Interlaced": "Interlaced", 3: "Interlaced",
    "Left Eye Only": "Left", 4: "Left", "Right Eye Only": "Right", 5: "Right", "Dresden": "Dresden", 6: "Dresden",
    "Anaglyph": "Anaglyph", 7: "Anaglyph", "Checkerboard": "Checkerboard", 8: "Checkerboard",
    "Side-by-Side Horizontal": "SplitViewportHorizontal", 9: "SplitViewportHorizontal",
}  # fmt: skip
"""StereoMode by ParaView's labels and numbers, and the StereoType of a view that it is."""
OF_FILES: Final = {
    "quality": "quality", "Quality": "quality", "ImageQuality": "quality", "CompressionLevel": "compression",
    "Progressive": "progressive",
}  # fmt: skip
_OLDER_QUALITY: Final = ("quality", "ImageQuality")
_HAVE_QUALITY: Final = (".jpg", ".jpeg", ".webp")
_OF_PICTURES: Final = (
    "ImageResolution", "TransparentBackground", "OverrideColorPalette", "magnification", "FontScaling",
    "SeparatorWidth", "SeparatorColor", "StereoMode", "SaveAllViews", "SaveInBackground", "location", *OF_FILES,
)  # fmt: skip


def OpenDataFile(filename: Paths, **extraArgs: Any) -> Any:
    """Make the reader for a file of the server, or for a list of files as times; it becomes the active source.

    Raises RemoteError (FileError) for a file that cannot be read, AttributeError, ... for properties.
    """
    name = extraArgs.pop("registrationName", extraArgs.pop("guiName", None))
    if isinstance(filename, (str, os.PathLike)):
        made = session().open(os.fspath(filename))
    else:
        made = session().open([os.fspath(one) for one in filename])
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

    ImageResolution is its size; texts, lines and points grow with it, unless FontScaling is "Do not scale fonts".
    TransparentBackground leaves the background out; OverrideColorPalette is that of this picture; StereoMode "Both
    Eyes" writes two files, with _left and _right in their names. SaveAllViews is of the layout of the view,
    SeparatorWidth and SeparatorColor are of what is between views. CompressionLevel is of .png, Quality and Progressive
    of .jpg. Raises ValueError for an ending that is no kind of picture, and for options that are not there, or that
    files of that ending do not have.
    """
    if more:
        params.setdefault("ImageResolution", more[0])
    for name in ("view", "layout"):
        viewOrLayout = params.pop(name, None) if viewOrLayout is None else viewOrLayout
    packing = _packing(params, Path(filename).suffix.lower())
    both = params.get("StereoMode") in _BOTH_EYES
    eyes = {"_left": "Left Eye Only", "_right": "Right Eye Only"} if both else {"": params.get("StereoMode")}
    path = Path(filename)
    for of_eye, mode in eyes.items():
        pictured, options = pictured_with(viewOrLayout, {**params, "StereoMode": mode}, "SaveScreenshot")
        pictured.fit_once()
        pictured.save_screenshot(str(path.with_name(f"{path.stem}{of_eye}{path.suffix}")), **options, **packing)
    return True


def _packing(params: dict[str, Any], suffix: str) -> dict[str, Any]:
    """Take out of options how a file is packed, by the names here. Older scripts say a quality of any kind of file."""
    for name in _OLDER_QUALITY:
        if suffix not in _HAVE_QUALITY and params.pop(name, None) is not None:
            told = f"SaveScreenshot: {name} is without effect on {suffix}: it is of {', '.join(_HAVE_QUALITY)}"
            warnings.warn(told, UserWarning, stacklevel=3)
    found = {OF_FILES[name]: params.pop(name) for name in list(params) if name in OF_FILES}
    whole = {name: int(value) for name, value in found.items() if value is not None}
    return whole | ({"progressive": bool(whole["progressive"])} if "progressive" in whole else {})


def pictured_with(view_or_layout: Any, params: dict[str, Any], what: str) -> tuple[Any, dict[str, Any]]:
    """Return the view or the layout that a picture is made of, and options of its own. Raises as `SaveScreenshot`."""
    pictured = view_or_layout if layouts.is_layout(view_or_layout) else a_view(view_or_layout, what)
    if params.get("SaveAllViews") and not layouts.is_layout(pictured):
        pictured = layouts.GetLayout(pictured) or pictured
    options = _picture_options(params, pictured)
    if layouts.is_layout(pictured):
        for theirs, ours in (("SeparatorWidth", "separator_width"), ("SeparatorColor", "separator_color")):
            if params.get(theirs) is not None:
                options[ours] = params[theirs]
    return pictured, options


def WriteImage(filename: str | os.PathLike[str], view: Any = None, **params: Any) -> None:
    """Do what `SaveScreenshot` does; `Magnification` multiplies the size. It is ParaView's former name."""
    params = {{"Magnification": "magnification"}.get(name, name): value for name, value in params.items()}
    params.pop("Writer", None)
    SaveScreenshot(filename, view, **params)


def _picture_options(params: dict[str, Any], pictured: Any) -> dict[str, Any]:
    """Return options of a picture by their names here. Raises ValueError for those that are not there."""
    unknown = [one for one in params if one not in _OF_PICTURES]
    if unknown:
        raise ValueError(f"there is no option {unknown[0]!r} of pictures{nearest(unknown[0], _OF_PICTURES)}")
    options: dict[str, Any] = {}
    grows = _chosen("FontScaling", params.get("FontScaling", _PROPORTIONALLY), _FONT_SCALING)
    if params.get("ImageResolution"):
        width, height = _resolution(params["ImageResolution"])
        options["size"] = (width, height)
        own = pictured.size() if layouts.is_layout(pictured) else pictured.ViewSize
        options |= grown((width, height), own) if grows else {}
    if params.get("TransparentBackground"):
        options["transparent"] = True
    if params.get("magnification"):
        options["magnification"] = int(params["magnification"])
    if params.get("OverrideColorPalette"):
        options["palette"] = params["OverrideColorPalette"]
    if params.get("StereoMode") not in _NO_CHANGE:
        options["stereo"] = _chosen("StereoMode", params["StereoMode"], _STEREO)
    return options


def _resolution(given: Any) -> tuple[int, int]:
    """Return a width and a height in pixels. Raises ValueError for something else."""
    try:
        width, height = (int(one) for one in given)
    except (TypeError, ValueError):
        raise ValueError(
            f"ImageResolution is a width and a height in pixels, as [800, 600], not {given!r:.60}"
        ) from None
    return width, height


def _chosen(option: str, value: Any, known: Mapping[Any, Any]) -> Any:
    """Return what a value of an option is here. Raises ValueError, with the values that there are."""
    if value not in known:
        labels = [one for one in known if isinstance(one, str)]
        raise ValueError(f"{option} is {' or '.join(labels)}, not {value!r:.40}{nearest(str(value), labels)}")
    return known[value]


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
    found = session().load_state(path, paths=paths)
    keep_cameras()
    views = session().all_views()
    if views and session().proxies.active.view is None:
        session().proxies.active.set_view(views[-1])
    return found


def ExportView(filename: str | os.PathLike[str], view: Any = None, **params: Any) -> None:
    """Write what a view shows to a local file: .glb, .gltf, .x3d, .obj, .vtkjs, .vtksz, .html, .svg, .pdf or .eps.

    Charts are written as the last three of them, whose options are taken as ParaView has them; `Rasterize3Dgeometry`
    says whether the scene is a picture. Raises ValueError for another ending, and for options that are not there;
    OSError, RemoteError.
    """
    shown = a_view(view, "ExportView")
    options = page_options(os.fspath(filename), params)
    shown.fit_once()
    shown.export(os.fspath(filename), **options)


def wait_for_times(proxy: Any) -> list[float]:
    """Return the times of a source; none if it cannot be made."""
    try:
        return list(proxy.TimestepValues)
    except RemoteError:
        return []
