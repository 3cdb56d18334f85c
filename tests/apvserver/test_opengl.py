"""Without OpenGL the caller gets a message that names the package to install; it never crashes."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from apvserver.vtk.rendering import opengl

from ..harness.time_limits import scaled

LIBRARIES = ("libEGL", "libGL", "libOSMesa", "libOpenGL", "libGLX")
ROOT = Path(opengl.__file__).parents[2]


def broken_libraries(folder: Path) -> dict[str, str]:
    for name in LIBRARIES:
        for suffix in (".so", ".so.0", ".so.1", ".so.8"):
            (folder / f"{name}{suffix}").write_text("not a library")
    return {"LD_LIBRARY_PATH": str(folder)}


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        key: value for key, value in os.environ.items() if key not in {"DISPLAY", opengl.KNOWN_WINDOW_VARIABLE}
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env=inherited | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=scaled(60),
        check=False,
    )


def diagnose(**environment: str) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "apvserver.vtk.rendering.opengl", **environment)


def test_report_names_a_window_and_a_renderer() -> None:
    report = opengl.require_opengl()
    assert report.window_class
    assert opengl.require_opengl() is report
    assert report.environment() == {"APV_OPENGL_WINDOW": report.window_class}


def test_probe_is_started_once_and_answers_any_thread() -> None:
    handles = []
    threads = [threading.Thread(target=lambda: handles.append(opengl.start_probe())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, handles))) == 1
    assert handles[0].result() is opengl.require_opengl()


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="simulates missing libraries of Linux")


@needs_linux
@pytest.mark.parametrize("display", ["", ":77", "nonsense"])
def test_an_empty_or_wrong_display_neither_crashes_nor_warns(display: str) -> None:
    outcome = diagnose(DISPLAY=display)
    assert outcome.returncode == 0
    assert "OpenGL works: vtkEGLRenderWindow" in outcome.stdout
    assert outcome.stderr == ""


@needs_linux
@pytest.mark.parametrize(
    "environment",
    [
        {"__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"},
        {"LIBGL_DRIVERS_PATH": "/nonexistent"},
        {"VTK_DEFAULT_OPENGL_WINDOW": "vtkOSOpenGLRenderWindow", "LD_LIBRARY_PATH": "broken"},
        {"LD_LIBRARY_PATH": "broken", "DISPLAY": ":77"},
    ],
    ids=["no-vendor", "no-driver", "no-osmesa", "no-library"],
)
def test_without_opengl_the_message_says_what_to_install(environment: dict[str, str], tmp_path: Path) -> None:
    if "LD_LIBRARY_PATH" in environment:
        environment = environment | broken_libraries(tmp_path)
    outcome = diagnose(**environment)
    assert outcome.returncode == 1, outcome.stderr
    assert "nothing can be rendered on this machine" in outcome.stderr
    assert "Mesa" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    if "VTK_DEFAULT_OPENGL_WINDOW" in environment:
        assert "Unset VTK_DEFAULT_OPENGL_WINDOW" in outcome.stderr


@needs_linux
def test_a_view_without_opengl_raises_instead_of_crashing() -> None:
    script = (
        "from apvserver.vtk.rendering.render_view import RenderView\n"
        "from apvserver.vtk.rendering.opengl import OpenGLUnavailable\n"
        "try:\n    RenderView()\nexcept OpenGLUnavailable as error:\n    print('refused:', error)\n"
    )
    outcome = run_python("-c", script, __EGL_VENDOR_LIBRARY_FILENAMES="/nonexistent")
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith("refused: no usable OpenGL")


def test_a_probe_nobody_waits_for_leaves_no_process_and_no_warning() -> None:
    script = "from apvserver.vtk.rendering.opengl import start_probe; print(start_probe()._child.pid)"
    outcome = run_python("-W", "error", "-c", script)
    assert outcome.returncode == 0
    assert outcome.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(outcome.stdout), 0)


def test_what_draws_the_test_picture_does_without_numpy() -> None:
    """VTK imports it where it is, for a quarter of the time that everybody waits."""
    outcome = run_python(
        "-P", opengl.__file__, "--draw", opengl.require_opengl().window_class, PYTHONPROFILEIMPORTTIME="1"
    )
    assert outcome.returncode == 0, outcome.stderr
    assert '"renderer"' in outcome.stdout
    imported = re.findall(r"\| +([\w.]+)$", outcome.stderr, re.MULTILINE)
    assert "vtkmodules.vtkRenderingOpenGL2" in imported
    assert "numpy.version" not in imported


def test_what_draws_the_test_picture_ends_without_looking_for_garbage() -> None:
    """That would take an eighth of the time that everybody waits."""
    script = (
        "import atexit, gc, runpy, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count(), len(gc.get_objects())))\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    window = opengl.require_opengl().window_class
    outcome = run_python("-c", script, opengl.__file__, "--draw", window)
    assert outcome.returncode == 0, outcome.stderr
    frozen, left = map(int, outcome.stdout.splitlines()[-1].split())
    assert frozen > 10_000, "VTK's modules are among them"
    assert left < frozen / 10


def test_a_session_looks_for_opengl_before_it_imports_vtk() -> None:
    """So that both are done at the same time."""
    script = (
        "import sys\n"
        "from apvserver.vtk.rendering import opengl\n"
        "from servermanager import sync\n"
        "start = opengl._start_child\n"
        "def told(window):\n    print('vtkmodules' in sys.modules, end=' ')\n    return start(window)\n"
        "opengl._start_child = told\n"
        "with sync.connect(backend='inproc') as session:\n"
        "    print(session.views.RenderView(ViewSize=[8, 8]).screenshot().width, 'vtkmodules' in sys.modules)\n"
    )
    outcome = run_python("-c", script)
    assert outcome.stdout.split() == ["False", "8", "True"], outcome.stderr


def test_a_worker_believes_its_parent_and_starts_no_child() -> None:
    script = "from apvserver.vtk.rendering.opengl import *; print(start_probe()._child, require_opengl().window_class)"
    outcome = run_python("-c", script, APV_OPENGL_WINDOW="vtkEGLRenderWindow")
    assert outcome.stdout.split() == ["None", "vtkEGLRenderWindow"]


def test_candidates() -> None:
    windows = opengl.candidate_windows
    assert windows("Linux", {}) == ("vtkEGLRenderWindow", "vtkOSOpenGLRenderWindow")
    assert windows("Linux", {"DISPLAY": ":0"})[1] == "vtkXOpenGLRenderWindow"
    assert windows("Windows", {}) == windows("Darwin", {}) == ("vtkRenderWindow",)
    assert windows("Linux", {"VTK_DEFAULT_OPENGL_WINDOW": "vtkX"}) == ("vtkX",)


@pytest.mark.parametrize(
    ("distributions", "words"),
    [
        (["debian"], "libegl1 libgl1-mesa-dri"),
        (["linuxmint", "ubuntu", "debian"], "libegl1 libgl1-mesa-dri"),
        (["rocky", "rhel", "centos", "fedora"], "mesa-libEGL mesa-dri-drivers"),
        (["opensuse-tumbleweed", "opensuse", "suse"], "Mesa-libEGL1 Mesa-dri"),
        (["manjaro", "arch"], "pacman -S mesa"),
        (["alpine"], "mesa-egl"),
        ([], "debian: apt-get"),
    ],
)
def test_hints_name_the_packages_of_the_distribution(distributions: list[str], words: str) -> None:
    assert words in opengl.installation_hint("Linux", distributions)


def test_hints_of_other_systems() -> None:
    assert "Remote Desktop" in opengl.installation_hint("Windows", ())
    assert "desktop" in opengl.installation_hint("Darwin", ())


def test_verdicts_of_children() -> None:
    found = opengl.read_verdict("vtkX", 0, 'noise\n{"renderer": "r", "version": "4.5"}\n', "")
    assert found == opengl.OpenGLReport("vtkX", "r", "4.5")
    crashed = opengl.read_verdict("vtkX", -11, "", "\x1b[33m2026 | WARN| no driver\x1b[0m\n")
    assert crashed == "crashed with signal 11: no driver"
