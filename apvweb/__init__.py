"""The web client: `apvweb` serves pages in which a browser sees, changes and steers sessions.

`ViewPart`, `PanelPart` and `PipelinePart` are the parts of its pages, for pages of trame of your own, and
`ViewWithPanels` is a view with panels beside it; `run_application` serves such pages as `apvweb` serves its own. They
are loaded when they are asked for: `apvweb --help` loads none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from async_paraview.programs import needs_extra

if TYPE_CHECKING:
    from .application import run_application
    from .parts.live_view import LiveView
    from .parts.panel_part import PanelPart
    from .parts.pipeline_part import PipelinePart
    from .parts.view_part import ViewPart
    from .parts.view_with_panels import ViewWithPanels

_MODULES: Final = {
    "LiveView": "parts.live_view",
    "PanelPart": "parts.panel_part",
    "PipelinePart": "parts.pipeline_part",
    "ViewPart": "parts.view_part",
    "ViewWithPanels": "parts.view_with_panels",
    "run_application": "application",
}

__all__ = ["LiveView", "PanelPart", "PipelinePart", "ViewPart", "ViewWithPanels", "run_application"]


def __getattr__(name: str) -> Any:
    """Return a part of pages by its name. Raises AttributeError for any other, ImportError without the extra."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; there are {', '.join(__all__)}")
    with needs_extra("web"):
        return getattr(import_module(f".{_MODULES[name]}", __name__), name)


def __dir__() -> list[str]:
    """List the parts of pages."""
    return sorted(__all__)
