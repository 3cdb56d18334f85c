"""A contour and a slice of a wavelet in a browser: neither the camera nor the panels wait for what is being computed.

Change the value of the contour, how opaque it is, and how fine the wavelet is; drag the plane in the view, and the
slice follows it. A value that a newer one overtakes is not computed to its end. Needs the extra `web`.

python examples/web/wavelet.py                                       a server of its own, in your browser
python examples/web/wavelet.py --server-url tcp://127.0.0.1:11111    with an apvserver
"""

from __future__ import annotations

import argparse
from typing import Any

from trame.ui.vuetify3 import VAppLayout
from trame.widgets import vuetify3 as v3

from apvweb import ViewWithPanels, run_application
from servermanager import Session

RANGE = (60.0, 270.0)


class Wavelet:
    """A wavelet with a contour and a slice, and panels for all three, for any page of trame.

    `await Wavelet.make(server, session)` makes it in the loop of the session; `parts.widgets()` lays it out.
    """

    def __init__(self, server: Any, session: Session, extent: int) -> None:
        self.session = session
        self.wavelet = session.sources.Wavelet(WholeExtent=[-extent, extent] * 3)
        self.contour = session.filters.Contour(Input=self.wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[180.0])
        plane = session.create_object("Plane", Origin=[0.0, 0.0, 0.0], Normal=[0.0, 0.0, 1.0])
        self.slice = session.filters.Slice(Input=self.wavelet, SliceType=plane)
        self.view = view = session.views.RenderView(Background=[1, 1, 1], UseColorPaletteForBackground=False)
        colors = {"ColorBy": ("POINTS", "RTData"), "ScalarRange": RANGE, "LookupTable": "Viridis"}
        session.show(self.wavelet, view, Representation="Outline", Color=[0.3, 0.3, 0.3])
        self.of_contour = session.show(self.contour, view, Opacity=0.6, **colors)
        self.of_slice = session.show(self.slice, view, ScalarBarVisibility=True, **colors)
        view.reset_camera("-Z")
        view.orbit(40, 30)
        view.reset_camera()
        self.parts = ViewWithPanels(server, view, label="A contour and a slice of a wavelet; its plane can be dragged")

    @classmethod
    async def make(cls, server: Any, session: Session, *, extent: int = 40) -> Wavelet:
        """Make it with `extent` cells to each side of the middle; returns when all is shown."""
        made = cls(server, session, extent)
        await made.view.widgets.add(made.slice, "SliceType")
        parts = made.parts
        await parts.add_panel("Contour", made.contour, ("Isosurfaces",))
        await parts.add_panel("", made.of_contour, ("Visibility", "Opacity", "Representation"))
        await parts.add_panel("Slice", made.slice.SliceType, ("Origin", "Normal"))
        await parts.add_panel("", made.of_slice, ("Visibility", "Opacity"))
        await parts.add_panel("Wavelet", made.wavelet, ("WholeExtent", "XFreq", "YFreq", "ZFreq"))
        await made.view.ready()
        return made

    async def close(self) -> None:
        """End it; the session stays open."""
        await self.parts.close()


async def page(server: Any, session: Session, options: argparse.Namespace) -> Wavelet:
    """Make a page with nothing else on it."""
    made = await Wavelet.make(server, session, extent=options.extent)
    with VAppLayout(server), v3.VMain(style="height: 100vh"):
        made.parts.widgets()
    return made


def options(parser: argparse.ArgumentParser) -> None:
    """Add what this program has beside the options of apvweb."""
    parser.add_argument("--extent", type=int, default=40, help="cells to each side of the middle (%(default)d)")


if __name__ == "__main__":
    run_application(page, __doc__ or "", options=options)
