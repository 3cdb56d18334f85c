"""What the pages of browsers have in common, whoever serves them: scripts, which this tells the place of."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FILES: Final = Path(__file__).parent
"""The folder of the scripts."""
SCRIPT: Final = "pictures.js"
"""From the bytes of pictures to canvases, and what a screen is like: `window.asyncParaView` of a page that has it."""
