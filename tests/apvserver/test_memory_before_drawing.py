"""What filters have freed goes back to the system before much is drawn of what they have made."""

from __future__ import annotations

import pytest

from apvserver.data import representations
from servermanager import connect

from ..harness.apvtest import in_loop


@in_loop
async def test_memory_is_given_back_before_much_is_drawn_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[int] = []
    monkeypatch.setattr(representations, "give_back", lambda: given_back.append(1))
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[64, 48])
        plane = session.sources.Plane(XResolution=20, YResolution=20)
        session.show(plane, view)
        await view.ready()
        assert not given_back
        plane.XResolution = plane.YResolution = 800
        await view.ready()
        assert len(given_back) == 1
        await view.ready()
        assert len(given_back) == 1
        assert (await plane.update_pipeline()).number_of_cells == 800 * 800
