"""The list of types that clients choose from: exactly what can be made, each once, by the name that makes it."""

from __future__ import annotations

from typing import Any, Final, get_args

from .catalog import OWN_CLASSES, object_names, type_names
from .definitions import Group
from .reflection import label_of
from .toml_definitions import OBJECTS, curated_names, curated_table

ABSTRACT: Final = frozenset({
    "AMRBaseParticlesReader", "AMRBaseReader", "AbstractCellLocator", "AbstractHyperTreeGridMapper",
    "AbstractImageInterpolator", "AbstractInterpolatedVelocityField", "AbstractMapper", "AbstractMapper3D",
    "AbstractParticleWriter", "AbstractPointLocator", "AbstractPolyDataReader", "AbstractTransform",
    "AbstractVolumeMapper", "ApproximatingSubdivisionFilter", "ButtonSource", "DatabaseToTableReader", "Dicer",
    "EnSightReader", "ExtractSelectionBase", "GaussianRandomSequence", "GeneralizedKernel", "GenericMovieWriter",
    "GeodesicPath", "GraphGeodesicPath", "GraphWeightFilter", "HandleSource", "HomogeneousTransform",
    "HyperTreeGridAlgorithm", "ImageAlgorithm", "ImageDecomposeFilter", "ImageFourierFilter", "ImageInPlaceFilter",
    "ImageIterateFilter", "ImageMapper3D", "ImplicitFunction", "IncrementalPointLocator", "InitialValueProblemSolver",
    "InterpolatingSubdivisionFilter", "InterpolationKernel", "LinearTransform", "Locator", "Mapper", "Mapper2D",
    "MoleculeReaderBase", "MoleculeToPolyDataFilter", "ParallelReader", "ParametricFunction", "ParticleTracerBase",
    "PartitionedDataSetAlgorithm", "PartitionedDataSetCollectionAlgorithm", "PeriodicFilter", "PointCloudFilter",
    "RandomSequence", "ReaderAlgorithm", "SPHKernel", "SimpleImageToImageFilter", "SimpleReader", "Spline",
    "StatisticsAlgorithm", "StreamerBase", "SubdivisionFilter", "TableToDatabaseWriter", "ThreadedImageAlgorithm",
    "UnstructuredGridVolumeMapper", "VolumeMapper", "VolumeReader", "WarpTransform", "Writer",
    "XMLCompositeDataReader", "XMLCompositeDataWriter", "XMLDataReader", "XMLPDataObjectReader",
    "XMLPDataObjectWriter", "XMLPDataReader", "XMLPDataWriter", "XMLPStructuredDataReader",
    "XMLPStructuredDataWriter", "XMLPUnstructuredDataReader", "XMLPUnstructuredDataWriter", "XMLReader",
    "XMLStructuredDataReader", "XMLStructuredDataWriter", "XMLUnstructuredDataReader", "XMLUnstructuredDataWriter",
    "XMLWriter", "XMLWriter2", "XMLWriterBase",
})  # fmt: skip
"""Classes of VTK 9.7, without "vtk", that cannot be made: nothing but making them tells, and that takes long."""

_FILTERS: Final = ("ContextMapper2D", "ImageStencilSource")
_MAPPERS: Final = ("AnariVolumeInterface", "ArrayRenderer", "OSPRayVolumeInterface", "OpenGLGlyph3DHelper")
_SOURCES: Final = (
    "Algorithm", "Axes", "BooleanTexture", "Cursor2D", "Cursor3D", "DataObjectGenerator", "GlyphSource2D",
    "ImageCanvasSource2D", "ImplicitFunctionToImageStencil", "LissajousPointCloud", "PointLoad", "PythonAlgorithm",
    "RenderLargeImage", "ResizingWindowToImageFilter", "ResliceCursorPolyDataAlgorithm", "RowQueryToTable",
    "SampleFunction", "SpherePuzzle", "SpherePuzzleArrows", "TemporalFractal", "TimeSourceExample", "TransformToGrid",
    "TriangularTexture", "TrivialProducer", "VectorText", "WindowToImageFilter", "WordCloud",
)  # fmt: skip
_GROUPS: Final[dict[str, str]] = {
    **dict.fromkeys(_FILTERS, "filters"),
    **dict.fromkeys(_MAPPERS, "mappers"),
    **dict.fromkeys(_SOURCES, "sources"),
}
"""Of classes whose names mislead."""


def overview() -> dict[str, list[dict[str, Any]]]:
    """Return every type that can be made, by group: {name, label, category, summary, curated}.

    No class is imported or made for that. A class of VTK whose short name means a curated type is there as "vtk...".
    Objects that properties hold have names of their own: Sphere is one of them, and a source as well.
    """
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in get_args(Group)}
    taken = set(curated_names())
    objects = {one.removeprefix(OBJECTS) for one in taken if one.startswith(OBJECTS)}
    for name in curated_names():
        table = curated_table(name)
        summary = str(table.get("doc", "")).strip().split("\n")[0]
        plain = name.removeprefix(OBJECTS)
        entry = {"name": plain, "label": table.get("label", plain), "category": table.get("category", "")}
        found[str(table.get("group"))].append({**entry, "summary": summary, "curated": True})
    for vtk_name in makeable_names():
        _add_bare(found, _group(vtk_name.removeprefix("vtk")), vtk_name, taken)
    for vtk_name in object_names():
        if vtk_name.removeprefix("vtk") not in ABSTRACT:
            _add_bare(found, "objects", vtk_name, objects)
    return found


def makeable_names() -> tuple[str, ...]:
    """Return the algorithm classes that can be made, by their VTK names, sorted."""
    return tuple(one for one in type_names() if one.removeprefix("vtk") not in ABSTRACT)


def _add_bare(found: dict[str, list[dict[str, Any]]], group: str, vtk_name: str, taken: set[str]) -> None:
    """Add a class of our own by the curated type that it serves, which is then what is meant, if it has that name."""
    short = vtk_name.removeprefix("vtk")
    name = vtk_name if short in taken or (short != vtk_name and short in OWN_CLASSES) else short
    if name not in taken:
        found[group].append({"name": name, "label": label_of(vtk_name), "curated": False})


def _group(name: str) -> str:
    """Return the group of a class by its name: most names tell."""
    if name in _GROUPS:
        return _GROUPS[name]
    for word, group in (("Writer", "writers"), ("Exporter", "writers"), ("Reader", "readers"), ("Import", "readers")):
        if word in name:
            return group
    if "Mapper" in name or name.endswith("Representation"):
        return "mappers"
    return "sources" if name.endswith("Source") else "filters"
