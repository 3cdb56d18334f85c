"""The types of extractors: when they write, and what. ParaView's names, of properties and files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...records import dataclass
from ..checks import Choice, Flag, Number, Only, OrNone, Several, Whole
from ..lists import Names
from ..palettes import PaletteName
from ..types import EXTRACT_TRIGGERS, EXTRACT_WRITERS, EXTRACTORS, SceneProperty, SceneType
from ..views import MAX_VIEW_SIZE
from .file_names import FileNamePattern

FONT_SCALING: Final = ("Scale fonts proportionally", "Do not scale fonts")
STATIC, PHI_THETA = "Static", "Phi-Theta"
PREFIX: Final = "{prefix}"
"""In the usual names of files: the name of what is written, put in when an extractor is made."""
MOST_ANGLES: Final = 360
MOST_ARRAYS: Final = 65_536
_MOST_STEPS: Final = 2**31 - 1
_FARTHEST: Final = 1e300


def _property(name: str, doc: str, default: Any, check: Any) -> SceneProperty:
    return SceneProperty(name, doc, default, check, half="client")


# --- when

TIME_STEP: Final = SceneType(
    "TimeStep",
    EXTRACT_TRIGGERS,
    "trigger",
    "Has an extractor write at times by their numbers.",
    (
        _property("UseStartTimeStep", "whether nothing is written before StartTimeStep", False, Flag()),
        _property("StartTimeStep", "the number of the first time, from 0", 0, Whole(0, _MOST_STEPS)),
        _property("UseEndTimeStep", "whether nothing is written after EndTimeStep", False, Flag()),
        _property("EndTimeStep", "the number of the last time", 0, Whole(0, _MOST_STEPS)),
        _property(
            "Frequency", "1: at each time; 2: at every other, counted from the first; ...", 1, Whole(1, _MOST_STEPS)
        ),
    ),
)
_TIME: Final = Number(-_FARTHEST, _FARTHEST)
TIME_VALUE: Final = SceneType(
    "TimeValue",
    EXTRACT_TRIGGERS,
    "trigger",
    "Has an extractor write at times by their values.",
    (
        _property("UseStartTimeValue", "whether nothing is written before StartTimeValue", False, Flag()),
        _property("StartTimeValue", "the first time", 0.0, _TIME),
        _property("UseEndTimeValue", "whether nothing is written after EndTimeValue", False, Flag()),
        _property("EndTimeValue", "the last time", 0.0, _TIME),
        _property(
            "Length",
            "how much time is to pass between two that are written, half a step of the data more or less",
            1.0,
            Number(0.0, _FARTHEST),
        ),
    ),
)
TRIGGERS: Final[Mapping[str, SceneType]] = MappingProxyType({one.name: one for one in (TIME_STEP, TIME_VALUE)})


@dataclass(frozen=True)
class TriggerName:
    """Which trigger: ParaView spells it with a blank, too."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        if isinstance(value, str) and value.replace(" ", "") == "Python":
            raise ValueError("a script does not decide here what is written; TimeStep and TimeValue do")
        return Choice("trigger", tuple(TRIGGERS))(value.replace(" ", "") if isinstance(value, str) else value)


_FIXED: Final = "an extractor keeps what it is made with; make another one"
EXTRACTOR: Final = SceneType(
    "Extractor",
    EXTRACTORS,
    "extractor",
    "Writes an output, or pictures of a view, as time goes by.",
    (
        _property("Enable", "whether it writes anything", True, Flag()),
        _property("Trigger", "when it writes: TimeStep, TimeValue", TIME_STEP.name, TriggerName()),
        _property("Writer", "what it writes, and by which name", None, Only((None,), _FIXED)),
        _property("Producer", "what is written: an output, or a view", None, Only((None,), _FIXED)),
    ),
)

# --- what

_ARRAYS: Final = (
    _property("ChooseArraysToWrite", "whether only the arrays of the following lists are written", False, Flag()),
    *(
        _property(f"{of}DataArrays", f"which arrays of {what}", (), Names("arrays", MOST_ARRAYS))
        for of, what in (("Point", "points"), ("Cell", "cells"), ("Field", "the whole"), ("Row", "rows"))
    ),
)
_XML: Final = (
    _property("DataMode", "how numbers are written", "Appended", Choice("mode", ("Ascii", "Binary", "Appended"))),
    _property("EncodeAppendedData", "whether appended numbers are text, of base 64", True, Flag()),
    _property("CompressorType", "how they are packed", "ZLib", Choice("compressor", ("None", "ZLib", "LZ4", "LZMA"))),
    _property("CompressionLevel", "1: fast, 9: small", 5, Whole(1, 9)),
)
_CSV: Final = (
    _property(
        "FieldAssociation",
        "what becomes rows; of tables rows do in any case",
        None,
        OrNone(Choice("association", ("Point Data", "Cell Data", "Field Data", "Row Data"))),
    ),
    _property("Precision", "digits; 17: as many as it takes to read the same number", 17, Whole(0, 17)),
    _property("UseScientificNotation", "whether numbers have an exponent", False, Flag()),
    _property("AddMetaData", "whether points have their places", True, Flag()),
    _property("AddTimeStep", "whether rows begin with the number of the time", False, Flag()),
    _property("AddTime", "whether rows begin with the time", False, Flag()),
    _property("UseStringDelimiter", "whether text is put in quotes", True, Flag()),
)
_BINARY: Final = (_property("FileType", "Ascii or Binary", "Binary", Choice("type", ("Ascii", "Binary"))),)
_HDF: Final = (
    _property("ChunkSize", "values of a piece of an array", 25000, Whole(1, _MOST_STEPS)),
    _property("CompressionLevel", "0: not packed, 9: small", 0, Whole(0, 9)),
)


def _data_writer(name: str, extensions: tuple[str, ...], *properties: SceneProperty) -> SceneType:
    pattern = f"{PREFIX}_{{timestep:06d}}{extensions[0]}"
    return SceneType(
        name,
        EXTRACT_WRITERS,
        "writer of extracts",
        f"Writes an output as {extensions[0]} files, on the server.",
        (_property("FileName", "its file", pattern, FileNamePattern(extensions)), *properties, *_ARRAYS),
    )


def _image_writer(name: str, *extensions: str) -> SceneType:
    pattern = f"{PREFIX}_{{timestep:06d}}{{camera}}{extensions[0]}"
    angles = Whole(1, MOST_ANGLES)
    return SceneType(
        name,
        EXTRACT_WRITERS,
        "writer of extracts",
        f"Writes pictures of a view as {extensions[0]} files, on the client.",
        (
            _property("FileName", "its file", pattern, FileNamePattern(extensions)),
            _property(
                "ImageResolution",
                "width and height; None: those of the view",
                None,
                OrNone(Several(2, Whole(1, MAX_VIEW_SIZE))),
            ),
            _property("TransparentBackground", "whether the background is left out", False, Flag()),
            _property("OverrideColorPalette", 'the palette of the pictures; "": as the view is', "", PaletteName()),
            _property(
                "FontScaling",
                "whether texts, lines and points grow with an ImageResolution that is larger than the view",
                FONT_SCALING[0],
                Choice("scaling of fonts", FONT_SCALING),
            ),
            _property(
                "StereoMode",
                "for which eye",
                "No change",
                Only(("No change", 0, ""), "StereoType of the view says for which eye pictures are"),
            ),
            _property("Format", "the kind of file", name, Only((name,), f"it writes {name}; make another extractor")),
            _property("ResetDisplay", "whether all that is visible is fitted into each picture", False, Flag()),
            _property(
                "CameraMode",
                "Static: as it is; Phi-Theta: all around the focal point",
                STATIC,
                Choice("mode of cameras", (STATIC, PHI_THETA)),
            ),
            _property("PhiResolution", "how many pictures around the vertical axis", 6, angles),
            _property("ThetaResolution", "how many pictures over the top, each", 6, angles),
        ),
    )


IMAGE_WRITERS: Final[Mapping[str, SceneType]] = MappingProxyType({
    one.name: one
    for one in (
        _image_writer("PNG", ".png"),
        _image_writer("JPG", ".jpg", ".jpeg"),
        _image_writer("TIFF", ".tif", ".tiff"),
        _image_writer("BMP", ".bmp"),
    )
})  # fmt: skip
_OF_GRIDS: Final = {letter: (f".pvt{letter.lower()}", f".vt{letter.lower()}") for letter in "IPUSR"}
DATA_WRITERS: Final[Mapping[str, SceneType]] = MappingProxyType({
    one.name: one
    for one in (
        _data_writer("CSV", (".csv", ".tsv", ".txt"), *_CSV),
        *(_data_writer(f"VT{letter}", extensions, *_XML) for letter, extensions in _OF_GRIDS.items()),
        _data_writer("VTT", (".vtt",), *_XML),
        _data_writer("VTM", (".vtm", ".vtmb"), *_XML),
        _data_writer("VTPD", (".vtpd",), *_XML),
        _data_writer("VTPC", (".vtpc",), *_XML),
        _data_writer("VTH", (".vth", ".vthb"), *_XML),
        _data_writer("HTG", (".htg",), *_XML),
        _data_writer("VTK", (".vtk",), *_BINARY),
        _data_writer("VTKHDF", (".vtkhdf", ".hdf"), *_HDF),
        _data_writer("IOSS", (".ex2", ".e", ".exo", ".exii", ".exodus")),
        _data_writer("PLY", (".ply",), *_BINARY),
        _data_writer("STL", (".stl",), *_BINARY),
        _data_writer("OBJ", (".obj",)),
        _data_writer("MHA", (".mha",)),
        _data_writer("NIFTI", (".nii", ".nii.gz")),
    )
})  # fmt: skip
WRITERS: Final[Mapping[str, SceneType]] = MappingProxyType({**DATA_WRITERS, **IMAGE_WRITERS})
ABSENT_WRITERS: Final[Mapping[str, str]] = MappingProxyType({
    "CinemaVolumetricPNG": "pictures of many opacity functions are not made; PNG makes those of one",
    "RecolorableImage": "pictures of numbers are not made; PNG makes those of colors, and CSV or VTI write numbers",
    "CGNS": "VTK's wheel has no writer of CGNS; VTPC and IOSS write blocks",
    "JSON": "charts are not written as JSON; CSV writes tables",
    "GIF": "one file of several times is made by save_animation",
    "steering": "a program's data is given to the session by send_data",
})  # fmt: skip
"""ParaView's writers, and others that one could look for, with what there is instead."""
EXTRACT_TYPES: Final = (EXTRACTOR, *TRIGGERS.values(), *WRITERS.values())
