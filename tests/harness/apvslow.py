"""Filters that take a minute, to interrupt, cancel and kill."""

from __future__ import annotations

from typing import Any, Final

from servermanager import Execution, Session

AS_OTHERS: Final[dict[str, Any]] = {"APV_VTK_NICENESS": "0"}
"""Has filters give way to nobody: else how soon one ends that is interrupted depends on what else the machine does."""


def slow_filter(session: Session, *, stubborn: bool = False) -> Execution:
    """The execution of a filter which takes a minute."""
    if stubborn:
        sphere = session.sources.SphereSource(ThetaResolution=1500, PhiResolution=1500)
        slow = session.filters.QuadricDecimation(Input=sphere)
    else:
        points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
        slow = session.filters.Delaunay3D(Input=points)
    return slow.update_pipeline()


async def until_it_runs(session: Session) -> None:
    """Wait until the slow filter executes."""
    async with session.progress() as steps:
        async for step in steps:
            if step.name in ("Delaunay3D", "QuadricDecimation") and step.state in ("started", "running"):
                return
