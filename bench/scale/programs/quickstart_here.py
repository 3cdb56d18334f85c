"""Runs examples/quickstart.py as it is, for apvpython, and says what the process has held: FILE PICTURE."""

import contextlib
import io
import re
import runpy
import sys
from pathlib import Path

import servermanager  # noqa: F401  here, too: apvpython looks whether a script names it, and imports it ahead

_EXAMPLE = Path(__file__).parents[3] / "examples" / "quickstart.py"

if __name__ == "__main__":
    data, picture = sys.argv[1:3]
    sys.argv = [str(_EXAMPLE), "--data", data, "--output", picture]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(_EXAMPLE), run_name="__main__")
    found = re.search(r"(\d+) triangles of (\d+) tissues", printed.getvalue())
    assert found is not None, printed.getvalue()
    from bench.scale.children import say

    say(cells=int(found[1]), tissues=int(found[2]))
