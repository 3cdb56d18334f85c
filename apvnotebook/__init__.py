"""The notebook: a view shows itself in the page as a live picture, which is turned with the mouse."""

from async_paraview.programs import needs_extra

with needs_extra("notebook"):
    from .following import follow
    from .live_view import LiveView

__all__ = ["LiveView", "follow"]
