"""Interactive placement of streamlines in a browser: drag the ball of seeds, and tubes follow it.

Placements that a newer one has made useless are interrupted on the server, and the camera is free meanwhile: the page
never waits. Change how many seeds there are and how long lines get in the panels beside the view; with "x", "y" or "z"
pressed the ball moves along that axis alone. Needs the extra `web`.

python examples/web/streamlines.py                                       a server of its own, in your browser
python examples/web/streamlines.py --server-url tcp://127.0.0.1:11111    with an apvserver
"""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np
from trame.ui.vuetify3 import VAppLayout
from trame.widgets import vuetify3 as v3

from apvweb import ViewWithPanels, run_application
from servermanager import ProgressStep, Session, SourceProxy


def flow(side: int) -> np.ndarray:
    """Return the velocity of the flow of Arnold, Beltrami and Childress, which is chaotic: (z, y, x, 3)."""
    z, y, x = np.meshgrid(*[np.linspace(0, 2 * math.pi, side)] * 3, indexing="ij")
    a, b, c = math.sqrt(3), math.sqrt(2), 1.0
    u = a * np.sin(z) + c * np.cos(y)
    v = b * np.sin(x) + a * np.cos(z)
    w = c * np.sin(y) + b * np.cos(x)
    return np.stack([u, v, w], axis=-1).astype(np.float32)


class Streamlines:
    """A field, seeds in it, and tubes along the lines from there; with a view, and panels, for any page of trame.

    `await Streamlines.make(server, session)` makes it in the loop of the session; `parts.widgets()` places it in a
    layout.
    """

    def __init__(self, server: Any, session: Session, field: SourceProxy, side: int, count: int) -> None:
        middle = [(side - 1) / 2] * 3
        self.seeds = session.sources.PointCloud(NumberOfPoints=count, Radius=side / 8, Center=middle)
        self.lines = session.filters.StreamTracerWithCustomSource(
            Input=field, SeedSource=self.seeds, Vectors=("POINTS", "values"), MaximumStreamlineLength=2.0 * side
        )
        self.view = view = session.views.RenderView(Background=[0.1, 0.11, 0.15], UseColorPaletteForBackground=False)
        session.show(field, view, Representation="Outline", Color=[0.6, 0.6, 0.6])
        colors = {"ColorBy": ("POINTS", "values"), "LookupTable": "Viridis"}
        legend = {"ScalarBarVisibility": True, "ScalarBarTitle": "Speed"}
        self.tubes = session.show(self.lines, view, Representation="Tubes", **colors, **legend)
        view.reset_camera("-Z")
        view.orbit(30, 25)
        view.reset_camera()
        self.parts = ViewWithPanels(server, view, label="Streamlines, and the ball of seeds that can be dragged")
        self.parts.work.progress.watch(self._stepped)
        self.asked, self.made = 1, 0
        self._unwatch = session.scene.watch_proxies(self._changed)

    @classmethod
    async def make(cls, server: Any, session: Session, *, side: int = 64, seeds: int = 80) -> Streamlines:
        """Make the field, `side` points along each axis, and lines from so many seeds; returns when all is shown."""
        made = cls(server, session, await session.send_data(flow(side), name="flow"), side, seeds)
        await made.view.widgets.add(made.seeds)
        await made.parts.add_panel("Seeds", made.seeds, ("NumberOfPoints", "Radius", "Center"))
        await made.parts.add_panel("Lines", made.lines, ("MaximumStreamlineLength", "IntegrationDirection"))
        await made.parts.add_panel("Tubes", made.tubes, ("Representation", "Opacity"))
        await made.view.ready()
        return made

    async def close(self) -> None:
        """End it; the session stays open."""
        self._unwatch()
        await self.parts.close()

    # --- what is said below the panels

    def _changed(self, proxy: Any, *_: object) -> None:
        if proxy is self.seeds or proxy is self.lines:
            self.asked += 1
            self._tell()

    def _stepped(self, step: ProgressStep) -> None:
        if step.proxy == self.lines.id and step.state == "finished":
            self.made += 1
            self._tell()

    def _tell(self) -> None:
        self.parts.say(f"Placements of the seeds: {self.asked} asked for, {self.made} made")


async def page(server: Any, session: Session, options: argparse.Namespace) -> Streamlines:
    """Make a page with nothing else on it."""
    made = await Streamlines.make(server, session, side=options.side, seeds=options.seeds)
    with VAppLayout(server), v3.VMain(style="height: 100vh"):
        made.parts.widgets()
    return made


def options(parser: argparse.ArgumentParser) -> None:
    """Add what this program has beside the options of apvweb."""
    parser.add_argument("--side", type=int, default=64, help="points of the field along each axis (%(default)d)")
    parser.add_argument("--seeds", type=int, default=80, help="streamlines at the beginning (%(default)d)")


if __name__ == "__main__":
    run_application(page, __doc__ or "", options=options)
