"""What all programs do alike: read their options, take Ctrl-C, and tell which extra brings what they lack."""

from .extras import needs_extra
from .options import INTERRUPTED, interruptible, parsed, unknown_options

__all__ = ["INTERRUPTED", "interruptible", "needs_extra", "parsed", "unknown_options"]
