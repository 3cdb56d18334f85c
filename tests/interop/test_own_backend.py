"""A backend of one's own carries whole sessions: built in, with a worker, and on a server that listens by it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from servermanager import connect
from services_core import backend_class

from ..harness.apvtest import ROOT, Program, apvpython, in_loop

OWN: Final = "examples.socket_backend:SocketBackend"


def test_a_script_runs_on_it(tmp_path: Path) -> None:
    script = tmp_path / "count.py"
    script.write_text(
        "from servermanager import connect\n"
        "async with connect() as session:\n"
        "    print(session.about['backend'], (await session.sources.Sphere().update_pipeline()).number_of_points)\n"
    )
    ended = apvpython(str(script), APV_COMMUNICATION_BACKEND=OWN, PYTHONPATH=str(ROOT))
    assert ended.code == 0, ended
    assert ended.output.split() == [OWN, "50"]


@in_loop
async def test_a_server_listens_by_it() -> None:
    assert backend_class(OWN).crosses_processes
    where = f"{OWN}+socket://127.0.0.1:"
    with Program("-m", "apvserver", "--backend", OWN, "--listen", f"{where}0", PYTHONPATH=str(ROOT)) as server:
        url = server.wait_for(r"ready at (\S+) ")[1]
        assert url.startswith(where)
        async with connect(url) as session:
            view = session.views.RenderView()
            session.show(session.sources.Sphere(), view)
            assert (await view.screenshot()).width > 0
            assert server.workers()
