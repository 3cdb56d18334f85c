"""The gallery of the site: each example is run as anybody would, and shown with the picture that it makes.

An extension of Sphinx. The pages and pictures are made in `_gallery`, and made anew where an example has changed.
"""

from __future__ import annotations

import ast
import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sphinx.errors import ExtensionError
from sphinx.util import logging

EXAMPLES: Final = Path(__file__).resolve().parents[1] / "examples"
LIMIT_S: Final = 300
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """An example: its file, what it is called with, and which of the pictures that it makes is shown.

    Of several that match it is the last one, in the order of names.
    """

    file: str
    options: tuple[str, ...]
    picture: str

    @property
    def name(self) -> str:
        """What its page is called."""
        return Path(self.file).stem

    @property
    def title(self) -> str:
        """What stands above its page: its name, without the number that keeps figures in order."""
        return self.name.lstrip("0123456789_").replace("_", " ").capitalize()

    @property
    def program(self) -> str:
        """What runs it: figures are for any Python, the others for the one with `await` at the top level."""
        return "python" if self.file.startswith("figures/") else "apvpython"

    @property
    def source(self) -> str:
        """What is run."""
        return (EXAMPLES / self.file).read_text(encoding="utf-8")

    @property
    def summary(self) -> str:
        """The first line of its docstring: what is seen."""
        return (ast.get_docstring(ast.parse(self.source)) or "").partition("\n")[0]


LARGE: Final = (
    Shown("quickstart.py", (), "frog.png"),
    Shown("raytracing.py", ("--passes", "32"), "raytracing/*_32_exact.png"),
    Shown("streamlines.py", ("--seconds", "4"), "streamlines/frame_0*.png"),
    Shown("volume.py", (), "volume/*mean_of_*_exact.png"),
    Shown("wavelet.py", ("--seconds", "4"), "wavelet.png"),
)
SMALL: Final = tuple(
    Shown(f"gallery/{path.name}", (), f"{path.stem}.png") for path in sorted((EXAMPLES / "gallery").glob("*.py"))
)
FIGURES: Final = tuple(
    Shown(f"figures/{path.name}", (), f"{path.stem}.png") for path in sorted((EXAMPLES / "figures").glob("*.py"))
)


def make(folder: Path) -> None:
    """Make the pages and pictures of all examples in a folder. Raises ExtensionError for one that fails."""
    folder.mkdir(exist_ok=True)
    for example in (*FIGURES, *SMALL, *LARGE):
        state = folder / f"{example.name}.sha256"
        now = hashlib.sha256(repr((example, example.source)).encode()).hexdigest()
        if not (state.exists() and state.read_text(encoding="utf-8") == now):
            _log.info("running examples/%s", example.file)
            _run(example, folder / f"{example.name}.png")
            state.write_text(now, encoding="utf-8")
        _write(folder / f"{example.name}.md", _page(example))
    _write(folder / "index.md", _index())


def _run(example: Shown, picture: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        by = [] if example.program == "python" else ["-m", example.program]
        command = [sys.executable, *by, str(EXAMPLES / example.file), *example.options]
        ended = subprocess.run(
            command, cwd=directory, capture_output=True, text=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL
        )
        if ended.returncode:
            raise ExtensionError(f"examples/{example.file} ended with {ended.returncode}:\n{ended.stderr}")
        found = sorted(Path(directory).glob(example.picture))
        if not found:
            raise ExtensionError(f"examples/{example.file} made no {example.picture}; it printed:\n{ended.stdout}")
        shutil.copyfile(found[-1], picture)


def _page(example: Shown) -> str:
    called = " ".join((example.program, f"examples/{example.file}", *example.options))
    parts = [
        f"# {example.title}",
        example.summary,
        f"![{example.summary}]({example.name}.png)",
        f"```bash\n{called}\n```",
        f":::{{literalinclude}} ../../examples/{example.file}\n:language: python\n:::",
    ]
    return "\n\n".join(parts) + "\n"


def _index() -> str:
    parts = [
        "# Gallery",
        "Each picture was made by its example when these pages were. The first ones are figures as papers print them, "
        "by the blocking session; the short ones are to be copied from; the others are whole programs with options, "
        "and show what a client does while pictures come.",
        'For print, 6.7 by 5 inches of paper: `view.save_screenshot("a.png", size=(2000, 1500), dpi=300)`.',
    ]
    for title, examples in (("Figures", FIGURES), ("Short", SMALL), ("Whole", LARGE)):
        rows = ["| | |", "|---|---|"]
        rows += [f"| [![{one.name}]({one.name}.png)]({one.name}.md) | {one.summary} |" for one in examples]
        parts += [f"## {title}", "\n".join(rows)]
    names = "\n".join(one.name for one in (*FIGURES, *SMALL, *LARGE))
    parts.append(f":::{{toctree}}\n:hidden:\n\n{names}\n:::")
    return "\n\n".join(parts) + "\n"


def _write(path: Path, text: str) -> None:
    """Write it where it differs: what is as it was need not be read again."""
    if not (path.exists() and path.read_text(encoding="utf-8") == text):
        path.write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Have the gallery made before the pages are looked for."""
    app.connect("builder-inited", lambda app: make(Path(app.srcdir) / "_gallery"))
    return {"parallel_read_safe": True}
