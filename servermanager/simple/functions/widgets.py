"""Handles in the active view, as ParaView's scripts show and hide them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ...model.proxy import ObjectProxy, OutputPort, Proxy
from ...views.render_view import RenderViewProxy
from ..current import a_source, is_object, run, session


def ShowInteractiveWidgets(proxy: Any = None) -> None:
    """Show the handles of a source, or of what a property of it holds, in the active view; nothing where none suit."""
    shown, view = _meant(proxy, "ShowInteractiveWidgets")
    if view is not None:
        run(view, lambda target: _show(target, shown))


def HideInteractiveWidgets(proxy: Any = None) -> None:
    """Hide the handles of a source, or of what a property of it holds, in the active view."""
    hidden, view = _meant(proxy, "HideInteractiveWidgets")
    if view is not None:
        run(view, lambda target: _hide(target, hidden))


Show3DWidgets = ShowInteractiveWidgets
Hide3DWidgets = HideInteractiveWidgets


def _meant(proxy: Any, what: str) -> tuple[Proxy, Any]:
    """Return what has the handles, and the active view; None if there is none that has any."""
    found = proxy if proxy is not None and is_object(proxy) else a_source(proxy, what)
    target = found._target.proxy if isinstance(found._target, OutputPort) else found._target
    view = session().proxies.active.view
    return target, view if view is not None and isinstance(view._target, RenderViewProxy) else None


async def _show(view: RenderViewProxy, proxy: Proxy) -> None:
    with suppress(TypeError):  # as in ParaView, where what has no handles shows none
        if isinstance(proxy, ObjectProxy):
            for owner, name in _owners(proxy):
                await view.widgets.add(owner, name)
        else:
            await view.widgets.add(proxy)


def _hide(view: RenderViewProxy, proxy: Proxy) -> None:
    for widget in view.widgets:
        if widget.concerns(proxy) and widget.Visibility:
            widget.Visibility = False


def _owners(held: Proxy) -> list[tuple[Proxy, str]]:
    """Return whose property an object is, and which."""
    if held.place is not None:
        return [held.place]
    return [(owner, name) for owner in held.users() for name in owner.holds(held)]
