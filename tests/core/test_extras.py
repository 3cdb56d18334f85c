"""Programs and packages of an extra that is not installed say which, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

WITHOUT = "import sys; sys.modules[{missing!r}] = None; sys.argv = ['program', '--no-browser']; "

CASES = {
    "apvweb": ("trame", "from apvweb import ViewWithPanels", "web"),
    "apvweb, the server of pages": ("aiohttp", "from apvweb import run_application", "web"),
    "apvnotebook": ("anywidget", "import apvnotebook", "notebook"),
}


def without(missing: str, code: str) -> subprocess.CompletedProcess[str]:
    """Run code where a package is not installed."""
    command = [sys.executable, "-c", WITHOUT.format(missing=missing) + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=scaled(60), check=False)


@pytest.mark.parametrize("case", CASES)
def test_a_package_names_the_extra(case: str) -> None:
    missing, code, extra = CASES[case]
    ended = without(missing, code)
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: ") and missing in last
    assert last.endswith(f"pip install 'async-paraview[{extra}]' brings it")


def test_the_web_client_says_so_in_one_line() -> None:
    ended = without("trame", "from apvweb.__main__ import main; main()")
    assert ended.returncode == 2
    assert ended.stderr.startswith("apvweb: ") and ended.stderr.count("\n") == 1
    assert ended.stderr.rstrip().endswith("pip install 'async-paraview[web]' brings it")
