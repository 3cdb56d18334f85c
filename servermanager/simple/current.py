"""The session that functions of ParaView's kind work in: one at a time, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from services_core import suggest

from ..extracts.extractor import ExtractorProxy
from ..model.proxy import ObjectProxy, OutputPort, SourceProxy
from ..sync.connection import open_face
from ..views.representation import RepresentationProxy
from ..views.view_proxy import ViewProxy

_more: Final[dict[type, type]] = {}
"""What proxies have beside what `servermanager.sync` gives them, by class."""
_when_gone: Final[list[Callable[[], None]]] = []
"""Called when another session begins: what was kept of the former one is to be forgotten."""


class _Current:
    """The session, None before there is one."""

    session: Any = None


def give(kind: type, more: type) -> None:
    """Have the proxies of a class made with more names. Called as this package is imported."""
    _more[kind] = more


def when_gone(forget: Callable[[], None]) -> None:
    """Have something forgotten with each session."""
    _when_gone.append(forget)


def session() -> Any:
    """Return the session; one that `servermanager.connect()` would make is opened if there is none."""
    if _Current.session is None:
        open_session()
    return _Current.session


def has_session() -> bool:
    """Return whether there is a session."""
    return _Current.session is not None


def open_session(url: str | None = None, **options: Any) -> Any:
    """Open a session, which takes the place of the one there was. Raises as `connect`, with that one as it was."""
    opened = open_face(_more, (url,), dict(options))
    close_session()
    _Current.session = opened
    return opened


def take_session(opened: Any) -> None:
    """Work in a session that was opened here before."""
    if opened is not _Current.session:
        close_session()
        _Current.session = opened


def close_session() -> None:
    """Close the session, if there is one."""
    before, _Current.session = _Current.session, None
    if before is not None:
        for forget in _when_gone:
            forget()
        before.close()


def run(part: Any, work: Callable[[Any], Any]) -> Any:
    """Have `work(asynchronous part)` called in the session's loop, wait for it, and return what comes out."""
    return part._face.do(f"what is done with {part!r}", lambda: work(part._target))


def is_source(thing: Any) -> bool:
    """Return whether it is a source, filter, reader or writer, or an output of one."""
    return isinstance(getattr(thing, "_target", None), (SourceProxy, OutputPort))


def is_object(thing: Any) -> bool:
    """Return whether it is what properties of others hold."""
    return isinstance(getattr(thing, "_target", None), ObjectProxy)


def is_view(thing: Any) -> bool:
    """Return whether it is a view."""
    return isinstance(getattr(thing, "_target", None), ViewProxy)


def is_representation(thing: Any) -> bool:
    """Return whether it tells how something is shown."""
    return isinstance(getattr(thing, "_target", None), RepresentationProxy)


def is_extractor(thing: Any) -> bool:
    """Return whether it writes something as time goes by."""
    return isinstance(getattr(thing, "_target", None), ExtractorProxy)


def port_of(source: Any) -> tuple[Any, int]:
    """Return the source that an output is of, and the output's number."""
    return (source.proxy, source.port) if isinstance(source._target, OutputPort) else (source, 0)


def a_source(proxy: Any, what: str) -> Any:
    """Return a source, the active one for None. Raises RuntimeError if there is none, TypeError for something else."""
    if proxy is None:
        proxy = session().proxies.active.source
        if proxy is None:
            raise RuntimeError(f"{what}: no source is active; make one, or name it")
    if not is_source(proxy):
        raise TypeError(f"{what} takes a source or filter, not {proxy!r:.80}")
    return proxy


def a_view(view: Any, what: str) -> Any:
    """Return a view, the active one for None. Raises RuntimeError if there is none, TypeError for something else."""
    if view is None:
        view = session().proxies.active.view
        if view is None:
            raise RuntimeError(f"{what}: no view is active; make one by CreateView, or name it")
    if not is_view(view):
        raise TypeError(f"{what} takes a view, not {view!r:.80}")
    return view


def nearest(name: str, known: Any) -> str:
    """Return a hint at names that resemble one, "" if none does."""
    near = suggest(name, known)
    return f"; did you mean {', '.join(near)}?" if near else ""
