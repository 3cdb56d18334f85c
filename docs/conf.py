"""How the site is made of these pages, of docstrings, and of the examples: `make docs`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from pygments.lexers.special import TextLexer  # noqa: E402
from sphinx.application import Sphinx  # noqa: E402

from async_paraview.scene.types import SceneType  # noqa: E402
from services_core import __version__  # noqa: E402  # found by the line above

project = "Async ParaView in Python"
author = "The Async ParaView in Python maintainers"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "gallery"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"{project} {release}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["wide.css"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# Docstrings are plain sentences, in which names of code stand in single backticks.
default_role = "code"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}


def setup(app: Sphinx) -> None:
    """Show blocks that only our tests can read (page_blocks.LANGUAGES) as they are, and signatures without objects."""
    for language in ("hex", "transcript"):
        app.add_lexer(language, TextLexer)
    app.connect("autodoc-process-signature", _readable)
    app.connect("autodoc-skip-member", _is_a_table)


def _readable(_app: Any, _what: str, _name: str, _object: Any, _options: Any, signature: str, returned: str) -> Any:
    """Write defaults that have no text of their own, such as functions, as `...`."""
    return re.sub(r"<[^<>]*(?:<[^<>]*>[^<>]*)*>", "...", signature) if signature else signature, returned


def _is_a_table(_app: Any, _what: str, _name: str, member: Any, _skip: bool, _options: Any) -> bool | None:
    """Leave out the tables of properties, which have pages of their own (docs/views.md and others)."""
    return True if isinstance(member, SceneType) else None
