"""The arrows of docs/architecture.md are the only ones."""

import os
import subprocess
import sys
from pathlib import Path

from ..harness.time_limits import scaled

ROOT = Path(__file__).parents[2]


def test_import_arrows() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=scaled(60))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_the_contract_needs_neither_zmq_nor_vtk_nor_numpy() -> None:
    """A client over another backend pays for none of them."""
    code = (
        "import sys, services_core, services_inproc; "
        "print([name for name in ('zmq', 'vtkmodules', 'numpy', 'typer') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60))
    assert result.stdout.strip() == "[]", result.stdout + result.stderr


def test_a_remote_client_imports_no_vtk() -> None:
    code = "import sys, servermanager; print('vtkmodules' in sys.modules, 'apvserver' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60))
    assert result.stdout.strip() == "False False", result.stdout + result.stderr
