"""What one session consists of: a data service and a render service in one engine, joined without a copy."""

from __future__ import annotations

import secrets

from services_core import ServicesEngine

from .data_service import DataService
from .render_service import RenderService

SERVICES = ("data", "render")


def start_session_services(engine: ServicesEngine) -> None:
    """Add the services of a session to `engine`. Returns at once: VTK is imported on their own threads.

    Whatever backend the engine has, the two talk by reference: they are threads of one process.
    """
    join = engine.listen(f"thread://session-{secrets.token_hex(8)}")
    engine.add_service(RenderService())
    engine.add_service(DataService(lambda: engine.endpoint("render", join.url)))
