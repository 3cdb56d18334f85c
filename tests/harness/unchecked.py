"""Telling a server what the client's proxies refuse to set: as a client of somebody else's might."""

from __future__ import annotations

from typing import Any

from servermanager.views.view_proxy import ViewProxy


def tell_unchecked(target: Any, **properties: Any) -> None:
    """Have the server told to set properties of a view, a representation or a text, right or wrong."""
    session = target.session
    if isinstance(target, ViewProxy):
        header = {"op": "update_view", "view": target.id, "kind": target.kind, "number": 10**6}
        session.render.send_message({**header, "properties": properties})
    elif hasattr(target, "source"):
        view, port = target.view, target.source
        known = {**target.set_values(), **properties}
        extracted = {name: one for name, one in known.items() if name in target.scene_type.of_both_halves}
        shown = {
            "op": "create_representation",
            "representation": target.id,
            "view": view.id,
            "id": port.proxy.id,
            "port": port.port,
        }
        session.data.send_message({**shown, "op": "create_representation", "kind": view.kind, "extract": extracted})
        drawn = {"op": "update_representation", "representation": target.id, "view": view.id, "kind": view.kind}
        session.render.send_message({**drawn, "properties": properties})
    else:
        texts = [{**one.set_values(), **(properties if one is target else {})} for one in target.view.texts]
        tell_unchecked(target.view, Texts=texts)
