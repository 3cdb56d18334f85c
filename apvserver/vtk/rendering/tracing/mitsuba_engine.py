"""Traces paths with Mitsuba, on the processor: the only importer of it. What is built is aimed, then sampled."""

from __future__ import annotations

import functools
import math
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.atomic_files import write_file

from ...base.errors import PictureInterrupted
from .materials import described, is_seen_through
from .traced_scene import POSITIONAL, Aim, Light, Sky, TracedMesh, TracedScene, Vector

Radiance = npt.NDArray[np.float32]
"""Shape (height, width, 4), top row first: linear red, green, blue of what is hit, and how much of a pixel that is."""

VARIANT: Final = "scalar_rgb"
"""Its variants that compile look for an LLVM of the system, which not every one of them survives."""
_MOST_BOUNCES: Final = 8
_BLOCK: Final = 128
"""Pixels on each side of what a thread does in one go: a 20th faster than Mitsuba's own choice."""
_ROWS_OF_SKY: Final = 64
_LEAST_WEIGHT: Final = 1e-6


@functools.cache
def _mitsuba() -> Any:
    import mitsuba

    mitsuba.set_variant(VARIANT)
    return mitsuba


class Engine:
    """A scene that is built. It may be made on another thread than that which aims and samples it."""

    def __init__(self, scene: TracedScene, roulette_depth: int) -> None:
        """Build it, which takes long: seconds for a million triangles, mostly without Python's lock."""
        self._mi = _mitsuba()
        self._origin = np.array(scene.origin)
        self._structure = [light.structure for light in scene.lights]
        described_scene: dict[str, Any] = {"type": "scene"}
        with tempfile.TemporaryDirectory(prefix="apv-traced-") as folder:
            for number, mesh in enumerate(scene.meshes):
                path = Path(folder, f"{number}.ply")
                write_file(path, _ply(mesh, self._origin))
                flat = mesh.normals is None
                described_scene[f"mesh{number}"] = {
                    "type": "ply", "filename": str(path), "face_normals": flat, "bsdf": described(mesh),
                }  # fmt: skip
            if scene.sky is not None:
                described_scene["sky"] = self._sky(scene.sky)
            for number, light in enumerate(scene.lights):
                described_scene[f"light{number}"] = _emitter(light)
            self._scene = self._mi.load_dict(described_scene)
        self._parameters = self._mi.traverse(self._scene)
        # Of what is seen through translucent surfaces `path` of 3.9 loses light that hits the surroundings by chance.
        kind = "volpath" if any(is_seen_through(mesh) for mesh in scene.meshes) else "path"
        integrator = {"type": kind, "hide_emitters": True, "max_depth": _MOST_BOUNCES, "rr_depth": roulette_depth}
        integrator["block_size"] = _BLOCK
        self._integrator = self._mi.load_dict(integrator)
        self._sensor: Any = None
        self._aim: Aim | None = None
        self._stopping = threading.Event()

    def aim(self, aim: Aim, lights: Sequence[Light]) -> None:
        """Look from somewhere, with the lights as they are now. Raises ValueError for others than it was built with."""
        if [light.structure for light in lights] != self._structure:
            raise ValueError("lights were added or taken away: the scene has to be built anew")
        for number, light in enumerate(lights):
            self._place(number, light)
        if lights:
            self._parameters.update()
        if aim != self._aim:
            self._aim, self._sensor = aim, self._mi.load_dict(self._looking(aim))

    def sample(self, seed: int, samples: int) -> Radiance:
        """Return the mean of some samples of each pixel. Raises PictureInterrupted after `interrupt`."""
        self._stopping.clear()
        traced = self._integrator.render(self._scene, sensor=self._sensor, seed=seed, spp=samples)
        if self._stopping.is_set():
            raise PictureInterrupted("what a picture shows has changed while its paths were traced")
        found: Radiance = np.array(traced, np.float32)
        if not np.isfinite(found.sum()):  # of faces without an area, and normals without a length
            found[~np.isfinite(found)] = 0.0
        return found

    def interrupt(self) -> None:
        """Have the samples under way end soon. From any thread; never waits."""
        self._stopping.set()
        self._integrator.cancel()

    def _place(self, number: int, light: Light) -> None:
        parameters, mi = self._parameters, self._mi
        parameters[f"light{number}.sampling_weight"] = _weight(light.color)
        strength = [math.pi * one for one in light.color]
        position, toward = np.subtract(light.position, self._origin), np.subtract(light.toward, self._origin)
        if light.kind == POSITIONAL:
            parameters[f"light{number}.intensity.value"] = mi.ScalarColor3f(strength)
            if light.cone is None:
                parameters[f"light{number}.position"] = mi.ScalarPoint3f(position.tolist())
                return
        else:
            parameters[f"light{number}.irradiance.value"] = mi.ScalarColor3f(strength)
        parameters[f"light{number}.to_world"] = self._from_to(position, toward)

    def _from_to(self, position: Any, toward: Any) -> Any:
        look = np.subtract(toward, position)
        return self._mi.ScalarTransform4f().look_at(position.tolist(), toward.tolist(), _across(look))

    def _looking(self, aim: Aim) -> dict[str, Any]:
        position, focal_point = np.subtract(aim.position, self._origin), np.subtract(aim.focal_point, self._origin)
        width, height = aim.size
        film = {
            "type": "hdrfilm", "width": width, "height": height, "pixel_format": "rgba", "component_format": "float32",
            "rfilter": {"type": "box"},
        }  # fmt: skip
        near, far = aim.clipping
        made: dict[str, Any] = {
            "near_clip": near, "far_clip": far, "film": film, "sampler": {"type": "independent", "sample_count": 1},
        }  # fmt: skip
        transform = self._mi.ScalarTransform4f()
        beside, above = aim.center
        if aim.parallel_scale is None:
            place = transform.look_at(position.tolist(), focal_point.tolist(), list(aim.view_up))
            made |= {"type": "perspective", "fov": aim.view_angle, "fov_axis": "y", "to_world": place}
            return made | {"principal_point_offset_x": beside / 2.0, "principal_point_offset_y": -above / 2.0}
        forward = np.subtract(focal_point, position)
        right = np.cross(forward, aim.view_up)
        up = np.cross(right, forward)
        across = aim.parallel_scale * width / height
        shift = across * beside * right / np.linalg.norm(right) + aim.parallel_scale * above * up / np.linalg.norm(up)
        position, focal_point = position + shift, focal_point + shift
        place = transform.look_at(position.tolist(), focal_point.tolist(), list(aim.view_up))
        return made | {"type": "orthographic", "to_world": place @ transform.scale([across, across, 1.0])}

    def _sky(self, sky: Sky) -> dict[str, Any]:
        if sky.low == sky.high:
            even = {"type": "rgb", "value": list(sky.low)}
            return {"type": "constant", "radiance": even, "sampling_weight": _weight(sky.low)}
        up = np.linspace(1.0, 0.0, _ROWS_OF_SKY)[:, None, None]
        rows = np.array(sky.low) + up * np.subtract(sky.high, sky.low)
        pixels = np.repeat(rows, 2 * _ROWS_OF_SKY, axis=1).astype(np.float32)
        both = max(_weight(sky.low), _weight(sky.high))
        return {"type": "envmap", "bitmap": self._mi.Bitmap(pixels), "sampling_weight": both}


def _emitter(light: Light) -> dict[str, Any]:
    shining: dict[str, Any] = {"type": "rgb", "value": [1.0, 1.0, 1.0]}
    if light.kind != POSITIONAL:
        return {"type": "directional", "direction": [0.0, 0.0, -1.0], "irradiance": shining}
    if light.cone is None:
        return {"type": "point", "position": [0.0, 0.0, 0.0], "intensity": shining}
    return {"type": "spot", "intensity": shining, "cutoff_angle": light.cone, "beam_width": light.cone * 0.999}


def _weight(color: Vector) -> float:
    """Return how often paths are to look for a light of that color: the brighter, the more often."""
    return max(max(color), _LEAST_WEIGHT)


def _across(look: Any) -> Vector:
    """Return an axis that is not along a direction."""
    axis = [0.0, 0.0, 0.0]
    axis[int(np.argmin(np.abs(look)))] = 1.0
    return axis[0], axis[1], axis[2]


def _ply(mesh: TracedMesh, origin: Any) -> bytes:
    """Return a mesh as a PLY file, in little-endian binary, with its attributes as Mitsuba names them."""
    columns = [np.subtract(mesh.positions, origin)]
    names = ["x", "y", "z"]
    for values, of in (
        (mesh.normals, ("nx", "ny", "nz")),
        (mesh.colors, ("r", "g", "b")),
        (mesh.opacities, ("faded_x",)),
    ):
        if values is not None:
            columns.append(np.asarray(values).reshape(len(mesh.positions), -1))
            names += of
    rows = np.concatenate(columns, axis=1).astype("<f4")
    faces = np.empty(len(mesh.faces), [("count", "u1"), ("corners", "<i4", 3)])
    faces["count"], faces["corners"] = 3, mesh.faces
    header = [
        "ply", "format binary_little_endian 1.0", f"element vertex {len(rows)}",
        *(f"property float {name}" for name in names),
        f"element face {len(faces)}", "property list uchar int vertex_index", "end_header", "",
    ]  # fmt: skip
    return b"".join(("\n".join(header).encode(), rows.tobytes(), faces.tobytes()))
