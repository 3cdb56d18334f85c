"""Ways by names that clients give: paths in all spellings, properties, prefixes and patterns, URLs, databases."""

from __future__ import annotations

import os

from .place import Place, Step, Way, created, opened, way, ways

ways(
    "open",
    {
        "absolute": lambda p: opened(str(p.outside / "sphere.vtp")),
        "dots": lambda p: opened(f"{p.root}/../outside/sphere.vtp"),
        "dots_through_a_directory": lambda p: opened(f"{os.path.dirname(p.text('d/x', ''))}/../../outside/sphere.vtp"),
        "link": lambda p: opened(p.link("l1.vtp", "sphere.vtp")),
        "link_of_a_directory": lambda p: opened(f"{p.link('up', '.')}/sphere.vtp"),
        "link_of_a_link": lambda p: opened(_second(p, p.link("l2.vtp", "sphere.vtp"))),
        "relative_link": lambda p: opened(_relative(p)),
        "proc_root": lambda p: opened(f"/proc/self/root{p.outside}/sphere.vtp"),
        "proc_cwd": lambda p: opened(f"/proc/self/cwd/{os.path.relpath(p.outside, os.getcwd())}/sphere.vtp"),
        "double_slash": lambda p: opened(f"//{p.outside}/sphere.vtp"),
        "url": lambda p: opened(f"file://{p.outside}/sphere.vtp"),
        "neighbour_with_the_same_beginning": lambda p: opened(f"{p.root}-beside/../outside/sphere.vtp"),
    },
)


ways(
    "picture",
    {
        "absolute": lambda p: [("picture", str(p.outside / "slice1.tif"), None)],
        "dots": lambda p: [("picture", f"{p.root}/../outside/slice1.tif", None)],
        "link": lambda p: [("picture", p.link("shown.tif", "slice1.tif"), None)],
    },
)


def _second(place: Place, first: str) -> str:
    path = place.root / "l3.vtp"
    path.symlink_to(first)
    return str(path)


def _relative(place: Place) -> str:
    path = place.root / "l4.vtp"
    path.symlink_to("../outside/sphere.vtp")
    return str(path)


_READERS = {
    "xml": ("vtkXMLPolyDataReader", "FileName", "sphere.vtp"),
    "legacy": ("vtkPolyDataReader", "FileName", "sphere.vtk"),
    "stl": ("vtkSTLReader", "FileName", "sphere.stl"),
    "ply": ("vtkPLYReader", "FileName", "sphere.ply"),
    "hdf": ("vtkHDFReader", "FileName", "sphere.vtkhdf"),
    "csv": ("vtkDelimitedTextReader", "FileName", "table.csv"),
    "meta": ("vtkMetaImageReader", "FileName", "image.mha"),
    "nifti": ("vtkNIFTIImageReader", "FileName", "image.nii"),
    "exodus": ("vtkExodusIIReader", "FileName", "mesh.ex2"),
    "ensight": ("vtkEnSightGoldReader", "CaseFileName", "a.case"),
    "tiff": ("vtkTIFFReader", "FileName", "slice1.tif"),
    "raw": ("vtkImageReader2", "FileName", "raw.bin"),
    "chaco": ("vtkChacoReader", "BaseName", "mesh"),
}


def _by_property(type_name: str, property: str, file: str) -> dict[str, Way]:
    return {
        "dots": lambda p: created(type_name, **{property: f"{p.root}/../outside/{file}"}),
        "link": lambda p: created(type_name, **{property: f"{_up(p)}/{file}"}),
    }


for _name, _reader in _READERS.items():
    ways(f"property_{_name}", _by_property(*_reader))


def _up(place: Place) -> str:
    path = place.root / "up-again"
    return str(path) if path.is_symlink() else place.link("up-again", ".")


@way
def font_of_a_text(p: Place) -> list[Step]:
    return [("object", "vtkTextProperty", {"FontFile": str(p.outside / "sphere.stl")})]


@way
def members_of_a_series(p: Place) -> list[Step]:
    return [("open", [str(p.root / "sphere.vtp"), str(p.outside / "sphere.vtp")], None)]


@way
def members_of_a_series_by_link(p: Place) -> list[Step]:
    p.link("n1.vtp", "sphere.vtp")
    p.text("n2.vtp", (p.root / "sphere.vtp").read_bytes())
    return [("series", [str(p.root / "n2.vtp")], None)]


@way
def prefix_of_slices(p: Place) -> list[Step]:
    extent = {"DataExtent": [0, 3, 0, 3, 1, 1], "FileDimensionality": 2}
    return created("vtkImageReader2", FilePrefix=f"{p.root}/../outside/slice", FilePattern="%s.%d", **extent)


@way
def pattern_of_slices(p: Place) -> list[Step]:
    extent = {"DataExtent": [0, 3, 0, 3, 1, 1], "FileDimensionality": 2}
    return created("vtkImageReader2", FilePrefix=str(p.root), FilePattern="%s/../outside/slice.%d", **extent)


@way
def prefix_of_slices_that_are_links(p: Place) -> list[Step]:
    p.link("cut.1", "slice.1")
    extent = {"DataExtent": [0, 3, 0, 3, 1, 1], "FileDimensionality": 2}
    return created("vtkImageReader2", FilePrefix=f"{p.root}/cut", FilePattern="%s.%d", **extent)


@way
def files_beside_a_base_name_that_are_links(p: Place) -> list[Step]:
    p.link("linked.coords", "mesh.coords")
    p.link("linked.graph", "mesh.graph")
    return created("vtkChacoReader", BaseName=str(p.root / "linked"))


@way
def database_by_url(p: Place) -> list[Step]:
    return created("vtkSQLDatabaseTableSource", URL=f"sqlite://{p.outside}/table.db", Query="select * from numbers")


@way
def database_by_link(p: Place) -> list[Step]:
    return created(
        "vtkSQLDatabaseTableSource", URL=f"sqlite://{p.link('own.db', 'table.db')}", Query="select * from numbers"
    )


@way
def database_attached(p: Place) -> list[Step]:
    return created(
        "vtkSQLDatabaseTableSource",
        URL=f"sqlite://{p.root}/table.db",
        Query=f"attach database '{p.outside}/table.db' as other",
    )


@way
def directory_listed(p: Place) -> list[Step]:
    return [("list", str(p.outside), None)]


@way
def directory_of_slices(p: Place) -> list[Step]:
    return created("vtkDICOMImageReader", DirectoryName=f"{p.root}/../outside")
