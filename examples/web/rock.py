"""A rock in a browser: a large image of labels as a volume, one of its minerals as cells, and the surface of its pores.

The rock is made here, unless --data names an image of the server: a random field with grains of four kinds, 0 is pore.
Cells of minerals are many: they are made of every n-th point, as --every says, and of the box that can be dragged in
the view, so that what is looked at closely is what is computed. Needs the extra `web`.

python examples/web/rock.py                                       a server of its own, in your browser
python examples/web/rock.py --side 256                            a smaller rock
python examples/web/rock.py --data /data/rock.mhd --server-url tcp://127.0.0.1:11111
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from trame.ui.vuetify3 import VAppLayout
from trame.widgets import vuetify3 as v3

from apvweb import ViewWithPanels, run_application
from servermanager import Session, SourceProxy

MINERALS = ("pore", "clay", "quartz", "feldspar")
SHARES = (0.18, 0.30, 0.82)
"""Up to which share of the rock each mineral but the last reaches, one after the other."""
OPACITIES = (0, 0.0, 0.5, 0.0, 1, 0.02, 2, 0.05, 3, 0.3)
GRAINS = 20
"""So many, about, lie along an axis."""
CELLS_MOST = 128
"""Points along an axis of what cells are made of, as far as --every does not say otherwise."""


def rock(side: int, seed: int = 3) -> np.ndarray:
    """Return labels of a rock, uint8, (side, side, side): 0 pore, 1 clay, 2 quartz, 3 feldspar."""
    coarse = np.random.default_rng(seed).standard_normal((GRAINS + 3,) * 3)
    limits = np.quantile(spread(coarse, np.linspace(1, coarse.shape[0] - 3, 48), 48), SHARES)
    places = np.linspace(1, coarse.shape[0] - 3, side)
    labels = np.empty((side,) * 3, np.uint8)
    for low in range(0, side, 16):  # slabs: all at once would take eight times the memory
        labels[low : low + 16] = np.digitize(spread(coarse, places[low : low + 16], side), limits)
    return labels


def spread(coarse: np.ndarray, places: np.ndarray, side: int) -> np.ndarray:
    """Return a smooth field between coarse numbers, at some places along the first axis and `side` along the others."""
    everywhere = np.linspace(1, coarse.shape[0] - 3, side)
    for axis, at in enumerate((places, everywhere, everywhere)):
        whole = np.floor(at).astype(int)
        part = (at - whole).reshape([-1 if one == axis else 1 for one in range(3)])
        weights = ((1 - part) ** 3, 3 * part**3 - 6 * part**2 + 4, 1 + 3 * part * (1 + part - part**2), part**3)
        coarse = sum(np.take(coarse, whole + step - 1, axis) * weight / 6 for step, weight in enumerate(weights))
    return coarse


class Rock:
    """An image of labels: its volume, one mineral of a part of it as cells, and the surface of its pores.

    `await Rock.make(server, session, ...)` makes it in the loop of the session; `parts.widgets()` lays it out.
    """

    def __init__(self, server: Any, session: Session, image: SourceProxy, labels: str, every: int) -> None:
        by = ("POINTS", labels)
        self.image = image
        few = session.filters.ExtractSubset(Input=image, SampleRate=[every] * 3)
        self.region = session.filters.Clip(Input=few, ClipType=session.create_object("Box"), Invert=True)
        self.mineral = session.filters.Threshold(Input=self.region, Scalars=by, LowerThreshold=3, UpperThreshold=3)
        self.pores = session.filters.Contour(Input=few, ContourBy=by, Isosurfaces=[0.5])
        self.view = view = session.views.RenderView(Background=[1, 1, 1], UseColorPaletteForBackground=False)
        colors = {"ColorBy": by, "LookupTable": "Viridis", "ScalarRange": (0, 3)}
        self.of_image = session.show(image, view, Representation="Volume", OpacityPoints=OPACITIES, **colors)
        self.of_mineral = session.show(self.mineral, view, ScalarBarVisibility=True, **colors)
        view.scalar_bar(labels).update(Title="", UseCustomLabels=True, CustomLabels=list(range(len(MINERALS))))
        self.of_pores = session.show(self.pores, view, Visibility=False, Color=[0.9, 0.6, 0.3], Opacity=0.5)
        session.show(image, view, Representation="Outline", Color=[0.3, 0.3, 0.3])
        view.reset_camera("+Z")
        view.orbit(30, -25)
        view.reset_camera()
        self.parts = ViewWithPanels(server, view, label="A rock; the box can be dragged")

    @classmethod
    async def make(
        cls, server: Any, session: Session, *, side: int = 512, file: str | None = None, every: int | None = None
    ) -> Rock:
        """Make it of a file of the server, else of a rock with `side` points along each axis; returns when it is shown.

        `every` is how many points are left out for cells, None: as many as the size asks for.
        """
        image = await session.send_data(rock(side), name="rock") if file is None else await session.open(file)
        told = await image.update_pipeline()
        if told.data_type != "vtkImageData" or told.bounds is None or not told.arrays:
            raise ValueError(f"{file} holds {told!r}: an image with an array of labels is needed")
        side = round(told.number_of_points ** (1 / 3))
        made = cls(server, session, image, told.arrays[0].name, every or max(1, side // CELLS_MOST))
        if file is None:
            made.name_minerals()
        await made.build(told.bounds)
        return made

    def name_minerals(self) -> None:
        """Have the legend name the colors of the minerals; the camera leaves room for that."""
        color_map = self.of_mineral.color_map
        color_map.InterpretValuesAsCategories = False
        color_map.Annotations = [text for pair in enumerate(MINERALS) for text in map(str, pair)]
        self.view.reset_camera()

    async def build(self, bounds: tuple[float, ...]) -> None:
        """Place the box in the first eighth, and add the panels."""
        low, high = np.array(bounds[::2]), np.array(bounds[1::2])
        box = self.region.ClipType
        box.Position, box.Length = low.tolist(), ((high - low) / 2).tolist()
        parts = self.parts
        await self.view.widgets.add(self.region, "ClipType", AtRelease=True)
        await parts.add_panel("Volume", self.of_image, ("Visibility", "Opacity"))
        await parts.add_panel("Minerals in the box", self.mineral, ("LowerThreshold", "UpperThreshold"))
        await parts.add_panel("", self.of_mineral, ("Visibility", "Opacity"))
        await parts.add_panel("Surface of the pores", self.pores, ("Isosurfaces",))
        await parts.add_panel("", self.of_pores, ("Visibility", "Opacity"))
        await self.view.ready()

    async def close(self) -> None:
        """End it; the session stays open."""
        await self.parts.close()


async def page(server: Any, session: Session, options: argparse.Namespace) -> Rock:
    """Make a page with nothing else on it."""
    made = await Rock.make(server, session, side=options.side, file=options.data, every=options.every)
    with VAppLayout(server), v3.VMain(style="height: 100vh"):
        made.parts.widgets()
    return made


def options(parser: argparse.ArgumentParser) -> None:
    """Add what this program has beside the options of apvweb."""
    parser.add_argument("--data", metavar="FILE", help="an image of labels, on the machine of the server")
    parser.add_argument(
        "--side", type=int, default=512, help="points along each axis of one that is made (%(default)d)"
    )
    parser.add_argument("--every", type=int, metavar="N", help="make cells of every n-th point")


if __name__ == "__main__":
    run_application(page, __doc__ or "", options=options)
