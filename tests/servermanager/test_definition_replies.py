"""Replies of a service that was replaced arrive late: nobody waits for the new one's on the thread that brings them."""

from __future__ import annotations

import threading
from typing import Any

from servermanager.model.definitions import DefinitionManager
from services_core import ConnectionLost, Packet, Reply
from services_core.payload import pack_payload

from ..harness.time_limits import scaled


class Asked:
    """Stands for an endpoint: replies come when the test says."""

    def __init__(self) -> None:
        self.replies: list[Reply[Packet]] = []

    def send_request(self, header: dict[str, Any]) -> Reply[Packet]:
        self.replies.append(Reply())
        return self.replies[-1]


def test_an_error_of_the_former_service_forgets_nothing_and_waits_for_nobody() -> None:
    former, present = Asked(), Asked()
    endpoints = [former]
    definitions = DefinitionManager(lambda: endpoints[-1])  # type: ignore[arg-type,return-value]
    definitions.ask("Sphere")
    endpoints.append(present)
    definitions.begin_anew()
    asked = definitions.ask("Sphere")
    lost = ConnectionLost("the worker was ended")
    bringing = threading.Thread(target=former.replies[0].resolve, args=(None, lost), daemon=True)
    bringing.start()
    bringing.join(scaled(5))
    assert not bringing.is_alive()
    assert definitions.ask("Sphere") is asked and len(present.replies) == 1
    definition = {"name": "Sphere", "properties": [{"name": "Radius", "default": 0.5}], "inputs": []}
    present.replies[0].resolve(pack_payload({"op": "definition"}, definition))
    assert definitions.known("Sphere") == definition
    assert definitions.default("Sphere", "Radius") == 0.5
    assert definitions.ask("Sphere") is asked


def test_after_an_error_the_next_one_asks_again() -> None:
    service = Asked()
    definitions = DefinitionManager(lambda: service)  # type: ignore[arg-type,return-value]
    definitions.ask("Sphere")
    service.replies[0].resolve(None, ConnectionLost("gone"))
    definitions.ask("Sphere")
    assert len(service.replies) == 2
