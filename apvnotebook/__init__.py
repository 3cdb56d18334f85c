"""The notebook: a view shows itself in the page as a live picture, which is turned with the mouse."""

from .following import follow
from .live_view import LiveView

__all__ = ["LiveView", "follow"]
