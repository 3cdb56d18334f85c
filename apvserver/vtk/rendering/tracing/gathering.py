"""What of a view paths are traced through, read on the window's thread, and what is left to OpenGL, and why."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from vtkmodules.vtkFiltersSources import vtkSphereSource

from async_paraview.records import dataclass
from async_paraview.scene.looks.surfaces import CULL_BACK, CULL_FRONT, PBR
from async_paraview.scene.representations import fading_array

from ..exports.scene_parts import TRIANGLES, DrawnActor, ScenePart, drawn_actors, parts_of, shape_parts
from ..mappers import GaussianMapper, GlyphMapper, PointCloudMapper, PolyDataMapper, RepresentationMapper
from ..placement import placement
from ..representation import Representation
from .glyph_shapes import Placed, Shape, placed_shapes
from .materials import material_of
from .traced_scene import DIRECTIONAL, POSITIONAL, Light, Material, TracedMesh, Vector, linear, linear_color

Source = Callable[[], TracedMesh | None]
"""Makes triangles of what was read, on any thread; None: there are none."""

_LINEAR: Final = linear(np.arange(256) / 255.0).astype(np.float32)
_FLAT: Final = "Flat"
_SURFACE: Final = 2
_MOST_FACES: Final = 20_000_000
"""Of what stands at points, in polygons."""
_TOO_MANY: Final = f"what has more than {_MOST_FACES // 1_000_000} million faces at its points"
_ROUND: Final = ((24, 13), (12, 8), (8, 5), (6, 4))
"""How many corners a ball has around and from pole to pole, the roundest first."""


@dataclass(frozen=True)
class Gathered:
    """What a view shows, in two halves."""

    sources: tuple[Source, ...]
    props: tuple[tuple[Any, Any], ...]
    """What OpenGL draws of that, each with its mapper."""
    has_others: bool
    """Whether OpenGL has to draw anything in the scene beside it."""
    remarks: tuple[str, ...]


def gathered_of(shown: Mapping[Hashable, Representation]) -> Gathered:
    """Return what paths are traced through of what is visible, and what is said of the rest."""
    sources: list[Source] = []
    props: list[tuple[Any, Any]] = []
    remarks: dict[str, None] = {}
    has_others = False
    for one in shown.values():
        if not one.is_visible:
            continue
        drawing, why = one.drawing, _left_because(one)
        if why is not None:
            remarks[f"paths are not traced through {why}: OpenGL draws that, without shadows on it"] = None
            has_others = True
            continue
        found = _read(drawing, one.properties)
        sources += found.sources
        props += found.props
        has_others |= found.has_others
    return Gathered(tuple(sources), tuple(props), has_others, tuple(remarks))


def _left_because(one: Representation) -> str | None:
    """Return what it is that cannot be traced; None: it can."""
    drawing, get = one.drawing, one.properties
    if isinstance(drawing, GlyphMapper):
        many = drawing.data.GetNumberOfPoints() * max(1, drawing.mapper.GetSource().GetNumberOfCells())
        return "flat glyphs" if drawing.is_flat(get) else _TOO_MANY if many > _MOST_FACES else None
    if isinstance(drawing, GaussianMapper):
        if fading_array(get) is not None:
            return "points that fade by an array"
        return _TOO_MANY if roundness(drawing.data.GetNumberOfPoints()) is None else None
    if not isinstance(drawing, PolyDataMapper):
        return "volumes" if one.is_volume else f"{get['Representation']} representations"
    if drawing.prop.GetTexture() is not None:
        return "surfaces with a picture on them"
    if len(drawing.props) > 1 + len(drawing.blocks) or get["BackfaceRepresentation"] in (CULL_BACK, CULL_FRONT):
        return "surfaces with outlines, or with backs of their own"
    look = drawing.prop.GetProperty()
    if not look.GetLighting() or look.GetRepresentation() != _SURFACE or not _has_faces(drawing.data):
        return "lines, points and what is not lit"
    return None


def roundness(count: int) -> tuple[int, int] | None:
    """Return how round so many balls can be; None: there are too many."""
    return next((one for one in _ROUND if count * 2 * one[0] * (one[1] - 2) <= _MOST_FACES), None)


def _has_faces(data: Any) -> bool:
    return bool(data.GetNumberOfPolys() + data.GetNumberOfStrips())


def _read(drawing: RepresentationMapper, get: Mapping[str, Any]) -> Gathered:
    material = material_of(get)
    if isinstance(drawing, PointCloudMapper):
        read = partial(_shapes_mesh, _placed(drawing, get), material, get["Diffuse"])
        return Gathered((read,), ((drawing.prop, drawing.mapper),), False, ())
    assert isinstance(drawing, PolyDataMapper)
    diffuse = 1.0 if get["Interpolation"] == PBR else get["Diffuse"]
    flat = get["Interpolation"] == _FLAT
    sources = [partial(_surface_mesh, one, material, diffuse, flat) for one in drawn_actors(drawing)]
    data = drawing.data
    others = bool(data.GetNumberOfLines() + data.GetNumberOfVerts() or drawing.prop.GetProperty().GetEdgeVisibility())
    props = ((drawing.prop, drawing.mapper), *((one.prop, one.mapper) for one in drawing.blocks))
    return Gathered(tuple(sources), props, others, ())


def _surface_mesh(drawn: DrawnActor, material: Material, diffuse: float, flat: bool) -> TracedMesh | None:
    parts = parts_of(drawn, (TRIANGLES,))
    return _mesh_of(parts[0], material, diffuse, flat=flat) if parts else None


def _mesh_of(part: ScenePart, material: Material, diffuse: float, *, flat: bool) -> TracedMesh:
    colors = opacities = None
    if part.colors is not None:
        colors = _LINEAR[part.colors[:, :3]] * np.float32(diffuse)
        if part.colors[:, 3].min() < 255:
            opacities = part.colors[:, 3].astype(np.float32) * np.float32(part.opacity / 255.0)
    red, green, blue = linear_color(part.color)
    color = red * diffuse, green * diffuse, blue * diffuse
    normals = None if flat else part.normals
    return TracedMesh(part.positions, normals, part.indices, colors, opacities, color, part.opacity, material)


def _placed(drawing: PointCloudMapper, get: Mapping[str, Any]) -> Placed:
    source: Any
    if isinstance(drawing, GlyphMapper):
        source = drawing.mapper.GetSource()
    else:
        ball = vtkSphereSource()
        ball.SetRadius(1.0)
        around, up = roundness(drawing.data.GetNumberOfPoints()) or _ROUND[-1]
        ball.SetThetaResolution(around)
        ball.SetPhiResolution(up)
        ball.Update()
        source = ball.GetOutput()
    scales, directions = drawing.stood()
    facts = shape_parts(drawing.prop, drawing.mapper, drawing.data)
    return Placed(Shape.of(source), scales, directions, placement(get), facts)


def _shapes_mesh(placed: Placed, material: Material, diffuse: float) -> TracedMesh | None:
    part = placed_shapes(placed)
    return None if part is None else _mesh_of(part, material, diffuse, flat=False)


def meshes_of(sources: Iterable[Source]) -> tuple[TracedMesh, ...]:
    """Make all triangles, but for those with a corner that is nowhere. On any thread."""
    made = (mesh for source in sources if (mesh := source()) is not None)
    return tuple(found for mesh in made if len((found := _somewhere(mesh)).faces))


def _somewhere(mesh: TracedMesh) -> TracedMesh:
    places = np.isfinite(mesh.positions).all(axis=1)
    if places.all():
        return mesh
    positions = np.where(places[:, None], mesh.positions, 0.0)
    return replace(mesh, positions=positions, faces=mesh.faces[places[mesh.faces].all(axis=1)])


def lights_of(renderer: Any, scale: float) -> tuple[Light, ...]:
    """Return the lights of a renderer, as its camera stands, each `scale` times as bright."""
    renderer.UpdateLightsGeometryToFollowCamera()
    return tuple(_light_of(one, scale) for one in renderer.GetLights() if one.GetSwitch())


def _light_of(light: Any, scale: float) -> Light:
    position, toward = light.GetTransformedPosition(), light.GetTransformedFocalPoint()
    red, green, blue = linear_color(np.clip(light.GetDiffuseColor(), 0.0, 1.0))
    strength = float(light.GetIntensity()) * scale
    color: Vector = (red * strength, green * strength, blue * strength)
    made = Light(DIRECTIONAL, position, toward, color)
    if not light.GetPositional():
        return made
    far = float(np.sum(np.subtract(toward, position) ** 2))  # as bright at what it shines to as OpenGL has it anywhere
    color = (color[0] * far, color[1] * far, color[2] * far)
    cone = float(light.GetConeAngle())
    return replace(made, kind=POSITIONAL, color=color, cone=cone if cone < 90.0 else None)
