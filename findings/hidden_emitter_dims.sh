#!/usr/bin/env bash
# A veil in front of a hidden background is too dark, though its alpha is right: opacity 0.25 keeps half of its light (Mitsuba 3.9.1).
#
# For a picture with a transparent background, the integrator's `hide_emitters` leaves out emitters that the camera sees directly: the sky is
# light, and alpha is 0 where nothing is. A diffuse sheet of reflectance 0.5 and opacity o (the bsdf `mask`) under a constant sky of 1 has then the
# color 0.5 o, premultiplied, and the alpha o. The integrator `path` gives less the more translucent the sheet is: 0.060 in place of 0.125 at o = 0.25,
# with an alpha that is right, so that the sheet becomes dark grey over any page. `volpath`, of which the same is expected where there are no media,
# is right; so is `path` with the sky shown, and with an opaque sheet, and where an opaque wall stands behind the sheet.
#
# Truth: a convex sheet under a uniform sky of radiance 1 sends out its reflectance: 0.5 o, by hand; volpath; and path with the sky shown less (1 - o).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: mitsuba==3.9.1 drjit==1.5.0 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - <<'PY'
import sys

import mitsuba
import numpy as np

mitsuba.set_variant("scalar_rgb")
at = mitsuba.ScalarTransform4f
REFLECTANCE, SKY, WALL, TOLERANCE = 0.5, 1.0, 0.25, 0.01
SEEN = {0.25: 0.060, 0.5: 0.199, 0.75: 0.350, 1.0: 0.5}  # what path makes of the opacities with the sky hidden


def sheet(reflectance: float, opacity: float, z: float) -> dict:
    diffuse = {"type": "diffuse", "reflectance": {"type": "rgb", "value": reflectance}}
    veil = {"type": "mask", "opacity": opacity, "inner": {"type": "twosided", "inner": diffuse}}
    return {"type": "rectangle", "to_world": at().translate([0, 0, z]).scale(3), "bsdf": veil}


def picture(integrator: str, opacity: float, hidden: bool = True, wall: bool = False) -> tuple[float, float]:
    scene = {
        "type": "scene",
        "integrator": {"type": integrator, "hide_emitters": hidden, "max_depth": 16},
        "sky": {"type": "constant", "radiance": {"type": "rgb", "value": SKY}},
        "sheet": sheet(REFLECTANCE, opacity, 1),
        "sensor": {
            "type": "perspective",
            "fov": 10,
            "to_world": at().look_at(origin=[0, 0, 5], target=[0, 0, 0], up=[0, 1, 0]),
            "film": {"type": "hdrfilm", "width": 8, "height": 8, "rfilter": {"type": "box"}, "pixel_format": "rgba"},
            "sampler": {"type": "independent", "sample_count": 4096},
        },
    }
    if wall:
        scene["wall"] = sheet(WALL, 1.0, 0)
    pixels = np.array(mitsuba.render(mitsuba.load_dict(scene), seed=1))
    return float(pixels[..., :3].mean()), float(pixels[..., 3].mean())


def near(found: float, expected: float) -> bool:
    return abs(found - expected) < TOLERANCE


changed = []
print("Mitsuba", mitsuba.__version__)
for opacity, seen in SEEN.items():
    truth = REFLECTANCE * SKY * opacity
    (path, alpha), (volpath, alpha_too) = picture("path", opacity), picture("volpath", opacity)
    shown = picture("path", opacity, hidden=False)[0] - (1 - opacity) * SKY
    print(f"opacity {opacity}: color {truth:.3f}; path {path:.3f} (alpha {alpha:.3f}), volpath {volpath:.3f}, path with the sky shown {shown:.3f}")
    right = near(volpath, truth) and near(shown, truth) and near(alpha, opacity) and near(alpha_too, opacity)
    if not right or not near(path, seen):
        changed.append(f"opacity {opacity}")
before_wall = [picture(one, 0.25, wall=True)[0] for one in ("path", "volpath")]
print(f"before a wall: path {before_wall[0]:.3f}, volpath {before_wall[1]:.3f}")
if not near(*before_wall):
    changed.append("before a wall")
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
