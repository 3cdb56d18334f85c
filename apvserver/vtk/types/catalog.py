"""Which algorithm classes exist in the VTK wheel: the fixed table that names from the wire are looked up in.

The table is read once from the wheel's own type stubs (0.1 s), so that listing the names does not import the
145 extension modules (1.3 s and 110 MB). A module is imported when a class of it is first asked for.
"""

import functools
import importlib
import re
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import vtkmodules
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from async_paraview.vtk_imports import one_at_a_time
from services_core import suggest

from ...kept_tables import kept_table
from ..base.errors import UnknownType
from ..base.facts import vtk_facts
from .corrections import corrections_of, watch_output

_DRAWS: Final = ("vtkmodules.vtkRenderingOpenGL2", "vtkmodules.vtkRenderingVolumeOpenGL2")
"""Modules that replace the classes of mappers by ones that draw: what is made never depends on what was before."""

_CLASS = re.compile(r"^class (vtk\w+)\(([\w.]*)\):", re.MULTILINE)

_IMAGE_READERS = (
    "MGHReader",
    "PictureReader",
    *(
        f"vtk{kind}Reader"
        for kind in ("BMP", "DICOMImage", "MINCImage", "MRC", "MetaImage", "NIFTIImage", "Nrrd", "PNM", "TGA", "TIFF")
    ),
)
_SELECTION_SOURCES = (
    "BlockSelectionSource", "BlockSelectorsSelectionSource", "CompositeDataIDSelectionSource", "FrustumSelectionSource",
    "GlobalIDSelectionSource", "HierarchicalDataIDSelectionSource", "IDSelectionSource", "LocationSelectionSource",
    "SelectionQuerySource", "ThresholdSelectionSource", "ValueSelectionSource",
)  # fmt: skip
OWN_CLASSES: dict[str, str] = {
    "AbaqusReader": "apvserver.vtk.files.readers.abaqus_reader",
    "AppendedGrids": "apvserver.vtk.algorithms.arrays.blocks",
    "AppendedSelections": "apvserver.vtk.algorithms.selecting.appended",
    "AppendedSurfaces": "apvserver.vtk.algorithms.arrays.blocks",
    "ArrayGlyph": "apvserver.vtk.algorithms.glyphs.array_glyph",
    "ArraysPutBack": "apvserver.vtk.algorithms.turning.vectors",
    "AveragedPointArray": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "AVSUCDReader": "apvserver.vtk.files.readers.ucd_reader",
    "AxisTransform": "apvserver.vtk.algorithms.turning.axis_transform",
    "BlocksWithArray": "apvserver.vtk.algorithms.arrays.blocks",
    "BlocksWithoutGaps": "apvserver.vtk.algorithms.arrays.blocks",
    "CellIntegrals": "apvserver.vtk.algorithms.measures.integration",
    "CellsOfRegion": "apvserver.vtk.algorithms.cutting.regions",
    "CellSizes": "apvserver.vtk.algorithms.measures.integration",
    "CellValidity": "apvserver.vtk.algorithms.measures.validity",
    "ChosenPointArray": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "ClippableArray": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "ClippedData": "apvserver.vtk.algorithms.cutting.clipping",
    "ComponentOfArray": "apvserver.vtk.algorithms.arrays.components",
    "ConstrainedVectors": "apvserver.vtk.algorithms.arrays.surface_vectors",
    "ContourValuesInFull": "apvserver.vtk.algorithms.typed.contour_values",
    "ContingencyModel": "apvserver.vtk.algorithms.statistics.models",
    "CountedStatistics": "apvserver.vtk.algorithms.statistics.over_time",
    "CSVReader": "apvserver.vtk.files.readers.texts.csv_reader",
    "CutCells": "apvserver.vtk.algorithms.cutting.cut_cells",
    "CutFragments": "apvserver.vtk.algorithms.cutting.fragments",
    "DataSampler": "apvserver.vtk.algorithms.sampling.sampling",
    "DescriptiveModel": "apvserver.vtk.algorithms.statistics.models",
    "ExpressionText": "apvserver.vtk.algorithms.annotations.values",
    "ExtractedSelection": "apvserver.vtk.algorithms.selecting.extracted",
    "ExtractedSubset": "apvserver.vtk.algorithms.cutting.subset",
    "Extremes": "apvserver.vtk.algorithms.arrays.extremes",
    "FarGrid": "apvserver.vtk.algorithms.far_grid",
    "FieldArraysReader": "apvserver.vtk.files.field_arrays",
    "FileSeriesReader": "apvserver.vtk.files.file_series",
    "FilledBlocks": "apvserver.vtk.algorithms.arrays.blocks",
    "FinitePoints": "apvserver.vtk.algorithms.finite_points",
    "FluentReader": "apvserver.vtk.files.readers.fluent_reader",
    "GambitReader": "apvserver.vtk.files.readers.gambit_reader",
    "GaussianCubeReader": "apvserver.vtk.files.readers.cube_reader",
    "vtkGeoJSONReader": "apvserver.vtk.files.readers.geojson_reader",
    "vtkOFFReader": "apvserver.vtk.files.readers.off_reader",
    "GivenTextSource": "apvserver.vtk.algorithms.annotations.texts",
    "GlobalText": "apvserver.vtk.algorithms.annotations.values",
    "GmshReader": "apvserver.vtk.files.readers.gmsh_reader",
    "GradientMagnitudes": "apvserver.vtk.algorithms.arrays.image_gradient",
    "Histograms": "apvserver.vtk.algorithms.measures.histograms",
    "HeightsInFull": "apvserver.vtk.algorithms.typed.heights",
    "HullTetrahedra": "apvserver.vtk.algorithms.measures.triangulations",
    "IntegersAgain": "apvserver.vtk.algorithms.typed.exact_integers",
    "IntegersAsBytes": "apvserver.vtk.algorithms.typed.exact_integers",
    "KMeansModel": "apvserver.vtk.algorithms.statistics.models",
    "LAMMPSDumpReader": "apvserver.vtk.files.readers.lammps_reader",
    "LinePlaces": "apvserver.vtk.algorithms.sampling.line_places",
    "ListedSeriesReader": "apvserver.vtk.files.lists.listed_series",
    "LogoReader": "apvserver.vtk.files.images.logo",
    "MarkedStatistics": "apvserver.vtk.algorithms.arrays.over_time",
    "MeasurableCells": "apvserver.vtk.algorithms.measurable",
    "MEDReader": "apvserver.vtk.files.readers.med.reader",
    "MendedCenters": "apvserver.vtk.algorithms.measures.middles",
    "MendedGradients": "apvserver.vtk.algorithms.measures.mended_gradients",
    "MendedLocations": "apvserver.vtk.algorithms.measures.middles",
    "MendedMirrors": "apvserver.vtk.algorithms.turning.mirrored",
    "MendedTetrahedra": "apvserver.vtk.algorithms.measures.mended_tetrahedra",
    "MeshioReader": "apvserver.vtk.files.readers.meshio_reader",
    "MulticorrelativeModel": "apvserver.vtk.algorithms.statistics.models",
    "NormalsAnew": "apvserver.vtk.algorithms.cutting.moved_normals",
    "NormalsLeftOut": "apvserver.vtk.algorithms.cutting.moved_normals",
    "NotedMarks": "apvserver.vtk.algorithms.arrays.over_time",
    "NotedStatistics": "apvserver.vtk.algorithms.statistics.over_time",
    "NumbersOnly": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "OrderedSurface": "apvserver.vtk.algorithms.cutting.ordered_surface",
    "OutlineOfSomething": "apvserver.vtk.algorithms.lines.outlines",
    "OwnArrays": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "OwnCells": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "OwnCopy": "apvserver.vtk.algorithms.arrays.suited_arrays",
    "PLYFileReader": "apvserver.vtk.files.readers.ply_reader",
    "PointsOfRegions": "apvserver.vtk.algorithms.visible",
    "PointTextReader": "apvserver.vtk.files.readers.texts.point_text_reader",
    "PolygonTriangles": "apvserver.vtk.algorithms.measures.triangles",
    "ProgrammedFilter": "apvserver.vtk.algorithms.scripts.programmable",
    "PrincipalModel": "apvserver.vtk.algorithms.statistics.models",
    "PromoteIntegers": "apvserver.vtk.algorithms.arrays.promotion",
    "PythonCalculator": "apvserver.vtk.algorithms.python_calculator",
    "Quartiles": "apvserver.vtk.algorithms.statistics.quartiles",
    "ReducedData": "apvserver.vtk.algorithms.arrays.reduction",
    "RightSideOut": "apvserver.vtk.algorithms.cutting.extruded",
    "SamplingImage": "apvserver.vtk.algorithms.sampling.sampling_image",
    "ScriptedSource": "apvserver.vtk.algorithms.sources.scripted",
    "SEGYReader": "apvserver.vtk.files.readers.segy_reader",
    "SimpleImageSource": "apvserver.vtk.algorithms.sampling.simple_image",
    "SliceAlongLine": "apvserver.vtk.algorithms.lines.along_lines",
    "SortedLines": "apvserver.vtk.algorithms.lines.sorted_lines",
    "SurfaceFlux": "apvserver.vtk.algorithms.arrays.surface_vectors",
    "SweptVectors": "apvserver.vtk.algorithms.turning.vectors",
    "TecplotReader": "apvserver.vtk.files.readers.tecplot_reader",
    "TimeAskedFor": "apvserver.vtk.algorithms.arrays.over_time",
    "TimeOfData": "apvserver.vtk.algorithms.annotations.texts",
    "TimeProgress": "apvserver.vtk.algorithms.annotations.progress",
    "TimeTextSource": "apvserver.vtk.algorithms.annotations.texts",
    "TypedResults": "apvserver.vtk.algorithms.typed.typed_results",
    "ValueText": "apvserver.vtk.algorithms.annotations.values",
    "VectorsToTurn": "apvserver.vtk.algorithms.turning.vectors",
    "VisibleAverages": "apvserver.vtk.algorithms.arrays.point_averages",
    "VisibleCells": "apvserver.vtk.algorithms.visible",
    "VisiblePolygons": "apvserver.vtk.algorithms.visible",
    **dict.fromkeys(_SELECTION_SOURCES, "apvserver.vtk.algorithms.selecting.sources"),
    **dict.fromkeys(_IMAGE_READERS, "apvserver.vtk.files.images.image_readers"),
}
"""Algorithm classes of our own, and the modules that they are in. Those named like a class of VTK stand for it."""

# What properties may hold, by their roots: objects without a place in a pipeline, a window or a file.
OBJECT_ROOTS = (
    "vtkAbstractInterpolatedVelocityField",
    "vtkAbstractImageInterpolator",
    "vtkAbstractTransform",
    "vtkImplicitFunction",
    "vtkInitialValueProblemSolver",
    "vtkInterpolationKernel",
    "vtkLocator",
    "vtkMatrix4x4",
    "vtkParametricFunction",
    "vtkPiecewiseFunction",
    "vtkRandomSequence",
    "vtkScalarsToColors",
    "vtkSpline",
    "vtkTextProperty",
)


@functools.cache
def _wheel() -> tuple[dict[str, str], dict[str, str]]:
    """Return the module and the parent of every class of the wheel, which are read once for each wheel."""
    place = Path(vtkmodules.__path__[0])
    known = kept_table("classes", f"{place} {place.stat().st_mtime_ns} {_CLASS.pattern}", partial(_read_stubs, place))
    return known["modules"], known["parents"]


def _read_stubs(place: Path) -> dict[str, dict[str, str]]:
    modules: dict[str, str] = {}
    parents: dict[str, str] = {}
    for stub in sorted(place.glob("vtk*.pyi")):
        for name, parent in _CLASS.findall(stub.read_text(encoding="utf-8")):
            modules[name] = stub.stem
            parents[name] = parent.rpartition(".")[2]
    if not modules:
        raise UnknownType("the installed vtk package has no .pyi stubs; install the vtk wheel from PyPI")
    return {"modules": modules, "parents": parents}


def _descends(name: str, roots: tuple[str, ...]) -> bool:
    parents = _wheel()[1]
    while name in parents and name not in roots:
        name = parents[name]
    return name in roots


@functools.cache
def _modules_by_class() -> dict[str, str]:
    modules, parents = _wheel()
    offered = parents.keys() - not_offered()
    return {**{name: modules[name] for name in offered if _descends(name, ("vtkAlgorithm",))}, **OWN_CLASSES}


def not_offered() -> dict[str, str]:
    """Return why classes of the wheel are not offered, by name. Abstract ones say so when they are constructed."""
    deprecated = {
        name: f"deprecated in VTK {'.'.join(map(str, fact.seen.first or ()))}: use {fact.name}"
        for fact in vtk_facts.facts("classes", "deprecated")
        for name in fact.names
    }
    ends = "VTK 9.7 ends the process with it where nothing is drawn: show the data as a Volume"
    return {
        **deprecated,
        **dict.fromkeys(vtk_facts.names("classes", "fatal", "without_a_window"), ends),
        "vtkCellValidator": "VTK 9.7 needs it as long as there is anything of what it made: use ValidateCells",
        **_NOT_WRITTEN,
    }


_ENDS: Final = "VTK ends the process with it where there is no MPI"
_NOT_WRITTEN: Final[dict[str, str]] = {
    "vtkCesium3DTilesWriter": "it needs PROJ's data, which VTK's wheel comes without; .vtm holds the parts",
    **dict.fromkeys(("vtkExodusIIWriter", "vtkPExodusIIWriter"), f"{_ENDS}; .ex2 is written by vtkIOSSWriter"),
    "vtkXMLPMultiBlockDataWriter": f"{_ENDS}; vtkXMLMultiBlockDataWriter writes .vtm",
    "vtkFacetWriter": "VTK writes its file also when what comes after it is executed; .ply and .obj hold surfaces",
    "vtkJSONDataSetWriter": "where it writes is an object that no property holds; .vtp and .vti hold the same",
    "vtkOggTheoraWriter": "a film has many pictures, and a pipeline ends with one; save_animation writes films",
    "vtkTableToSQLiteWriter": "its database is an object that no property holds; .csv and .vtt hold tables",
}
"""Writers of VTK that cannot write a file of a client as all others are written: whole, or not at all."""


@functools.cache
def object_names(root: str = "") -> tuple[str, ...]:
    """Return the classes whose instances properties may hold, sorted: all, or `root` and what descends from it."""
    modules = _wheel()[0]
    wanted = [name for name in modules.keys() - not_offered() if _descends(name, OBJECT_ROOTS)]
    return tuple(sorted(name for name in wanted if not root or _descends(name, (root,))))


def is_object(type_name: str) -> bool:
    """Return whether a name, with or without "vtk", means a class of `object_names`."""
    return _object_name(type_name) is not None


def _object_name(type_name: str) -> str | None:
    known = object_names()
    return next((name for name in (type_name, f"vtk{type_name}") if name in known), None)


def type_names() -> tuple[str, ...]:
    """Return every algorithm class of the wheel by its VTK name, sorted; abstract ones are among them."""
    return tuple(sorted(_modules_by_class()))


def canonical_name(type_name: str) -> str:
    """Return the VTK name of an algorithm or object class named with or without its prefix.

    Raises `UnknownType` for anything else, with the nearest names.
    """
    if (found := _object_name(type_name)) is not None:
        return found
    for candidate in (type_name, f"vtk{type_name}"):
        if candidate in _modules_by_class():
            return candidate
        if (why := not_offered().get(candidate)) is not None:
            raise UnknownType(f"{type_name!r} is not offered: {why}")
    near = suggest(f"vtk{type_name.removeprefix('vtk')}", (*type_names(), *object_names()))
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise UnknownType(f"{type_name!r} is not an algorithm class of VTK{hint}")


@functools.cache
def class_of(type_name: str) -> Any:
    """Return the algorithm or object class of that name. Raises `UnknownType`."""
    name = canonical_name(type_name)
    own = OWN_CLASSES.get(name)
    with one_at_a_time:
        module = importlib.import_module(own or f"vtkmodules.{_wheel()[0][name]}")
    cls = module.__dict__.get(name)
    if not (isinstance(cls, type) and (issubclass(cls, vtkAlgorithm) or name in object_names())):
        raise UnknownType(f"{type_name!r} is listed by the vtk package but does not exist in this build")
    return cls


class _Making(NamedTuple):
    """How an instance of a class is made."""

    cls: Any
    begins_with: tuple[tuple[str, Any], ...]
    """Setters, and what they are called with first."""
    corrections: tuple[str, ...]
    """What of its output is to be corrected."""


@functools.cache
def _making(type_name: str) -> _Making:
    cls = class_of(type_name)
    if "Mapper" in cls.__name__:
        with one_at_a_time:
            for module in _DRAWS:
                importlib.import_module(module)
    setters = [(setter, True) for setter in _BEGINS_WITH if hasattr(cls, setter)]
    first = _FIRST_VALUES.get(cls.__name__)
    begins_with = (*setters, first) if first is not None else tuple(setters)
    return _Making(cls, begins_with, corrections_of(cls.__name__))


def construct(type_name: str) -> Any:
    """Return a new instance of an algorithm or object class.

    Raises `UnknownType` for unknown and for abstract classes.
    """
    cls, begins_with, corrections = _making(type_name)
    try:
        made = cls()
    except (TypeError, NotImplementedError, SystemError) as error:
        # SystemError is what a deprecation warning becomes that is treated as an error.
        raise UnknownType(f"{type_name!r} is abstract or deprecated and cannot be made: {error}") from error
    for setter, value in begins_with:
        getattr(made, setter)(value)
    if corrections:
        watch_output(made, corrections)
    return made


_BEGINS_WITH: Final = tuple(
    f"SetReadAll{kind}" for kind in ("Scalars", "Vectors", "Normals", "Tensors", "TCoords", "ColorScalars", "Fields")
)
"""Readers of the legacy format skip without a word all but the first array of each kind, unless told otherwise."""


_FIRST_VALUES: Final = {
    "vtkEuclideanClusterExtraction": ("SetRadius", 1.0),
    "vtkPointSource": ("SetLambda", 1.0),
    "vtkSmartVolumeMapper": ("SetVectorComponent", 0),
    "vtkmHistogram": ("SetCustomBinRange", (0.0, 100.0)),
}
"""What VTK 9.7.2 leaves to whatever memory holds, of a range its end. The radius is that of vtkConnectedPointsFilter,
which is its like; the rate at which points become fewer with the distance is the one that VTK's documentation names."""
