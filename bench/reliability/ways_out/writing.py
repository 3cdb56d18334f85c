"""Ways to write outside of the write root."""

from __future__ import annotations

from .place import Place, Step, way, ways


def _saved(path: str) -> list[Step]:
    return [("save", path, None)]


ways(
    "write",
    {
        "absolute": lambda p: _saved(str(p.outside / "w1.vtp")),
        "dots": lambda p: _saved(f"{p.root}/../outside/w2.vtp"),
        "over_a_file": lambda p: _saved(str(p.outside / "sphere.vtp")),
        "through_a_link": lambda p: _saved(p.link("w4.vtp", "sphere.ply")),
        "through_a_link_to_nothing": lambda p: _saved(p.link("w5.vtp", "new.vtp")),
        "into_a_linked_directory": lambda p: _saved(f"{p.link('w6', '.')}/w6.vtp"),
        "blocks_absolute": lambda p: [("save_blocks", str(p.outside / "w7.vtm"), None)],
        "blocks_beside_a_linked_directory": lambda p: (
            p.link("w8", "deep"),
            [("save_blocks", str(p.root / "w8.vtm"), None)],
        )[1],
        "series": lambda p: [("save_series", f"{p.root}/../outside/w9.vtp", None)],
        "series_over_a_linked_list": lambda p: (
            p.link("w13.vtp.series", "sphere.ply"),
            [("save_series", str(p.root / "w13.vtp"), None)],
        )[1],
        "series_over_a_linked_file": lambda p: (
            p.link("w14_0000.vtp", "sphere.ply"),
            [("save_series", str(p.root / "w14.vtp"), None)],
        )[1],
        "table": lambda p: [("save_table", str(p.outside / "w10.csv"), None)],
        "hdf": lambda p: _saved(f"{p.root}/../outside/w11.vtkhdf"),
        "proc": lambda p: _saved(f"/proc/self/root{p.outside}/w12.vtp"),
    },
)


@way
def write_by_a_writer(p: Place) -> list[Step]:
    return [("writer", "vtkXMLPolyDataWriter", {"FileName": f"{p.root}/../outside/w20.vtp"})]


@way
def write_by_a_writer_through_a_link(p: Place) -> list[Step]:
    return [("writer", "vtkSTLWriter", {"FileName": p.link("w21.stl", "sphere.stl")})]


@way
def write_by_a_pattern(p: Place) -> list[Step]:
    return [("image_writer", "vtkPNGWriter", {"FilePrefix": str(p.root), "FilePattern": "%s/../outside/w22.%d.png"})]


@way
def write_by_a_pattern_of_braces(p: Place) -> list[Step]:
    return [
        ("image_writer", "vtkPNGWriter", {"FilePrefix": str(p.root), "FilePattern": "{:s}/../outside/w27.{:d}.png"})
    ]


@way
def write_slices_through_a_link(p: Place) -> list[Step]:
    """VTK's own pattern, {:s}.{:d}, stays as it is."""
    p.link("w28.0", "sphere.ply")
    return [("image_writer", "vtkPNGWriter", {"FilePrefix": f"{p.root}/w28"})]


@way
def write_by_a_prefix(p: Place) -> list[Step]:
    return [("image_writer", "vtkPNGWriter", {"FilePrefix": f"{p.root}/../outside/w23", "FilePattern": "%s.%d.png"})]


@way
def write_ensight_by_a_base_name(p: Place) -> list[Step]:
    return [("mesh_writer", "vtkEnSightWriter", {"Path": str(p.outside), "BaseName": "w24"})]


@way
def write_raw_data_beside(p: Place) -> list[Step]:
    names = {"FileName": str(p.root / "w25.mhd"), "RAWFileName": f"{p.outside}/w25.raw"}
    return [("image_writer", "vtkMetaImageWriter", names)]


@way
def write_where_the_link_leads_by_then(p: Place) -> list[Step]:
    """Give a name that is allowed then, and leads elsewhere when the writer executes."""
    return [("link_later", str(p.root / "w26.vtp"), str(p.outside / "sphere.vtk"))]
