"""Scripts: await at the top level, arguments, exit codes, and errors that a user can read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from ..harness.apvtest import Program, Server, apvpython
from ..harness.time_limits import scaled

SPHERE = """
from servermanager import connect
async with connect() as session:
    info = await session.sources.SphereSource().update_pipeline()
    print(info.number_of_points, session.about.get("url"))
"""


def test_top_level_await_async_for_and_async_with(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("""
import asyncio, sys
from contextlib import asynccontextmanager
import neighbour

async def count():
    for number in range(3):
        await asyncio.sleep(0)
        yield number

@asynccontextmanager
async def opened():
    yield "open"

assert __name__ == "__main__" and __file__ == sys.argv[0]
print(await asyncio.sleep(0, "awaited"))
async for number in count():
    print(number)
print([number async for number in count()])
async with opened() as state:
    print(state)
print(sys.argv[1:], neighbour.NAME)
""")
    (tmp_path / "neighbour.py").write_text("NAME = 'beside the script'")
    ended = apvpython(str(script), "--size", "3", "-c", "x y")
    assert ended.code == 0, ended
    lines = ["awaited", "0", "1", "2", "[0, 1, 2]", "open", "['--size', '3', '-c', 'x y'] beside the script"]
    assert ended.output.splitlines() == lines


@pytest.mark.parametrize(
    ("code", "exit_code", "errors"),
    [
        ("pass", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit('because')", 1, "because\n"),
        ("raise SystemExit(4)", 4, ""),
    ],
)
def test_exit_codes(code: str, exit_code: int, errors: str) -> None:
    ended = apvpython("-c", code)
    assert (ended.code, ended.errors) == (exit_code, errors)


def test_uncaught_exception_shows_where_in_the_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import asyncio\n\nasync def work():\n    await asyncio.sleep(0)\n    1 / 0\n\nawait work()\n")
    ended = apvpython(str(script))
    assert ended.code == 1
    assert ended.errors.startswith("Traceback (most recent call last):\n")
    assert f'File "{script}", line 7' in ended.errors and f'File "{script}", line 5, in work' in ended.errors
    assert ended.errors.endswith("ZeroDivisionError: division by zero\n")
    assert "runner.py" not in ended.errors and "asyncio/" not in ended.errors


def test_error_of_a_service_is_readable(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from servermanager import connect\n"
        "async with connect() as session:\n"
        "    await session.filters.ContourFilter().update_pipeline()\n"
    )
    ended = apvpython(str(script))
    assert ended.code == 1
    assert len(ended.errors.splitlines()) == 5, ended
    assert f'File "{script}", line 3' in ended.errors
    assert "\nRemoteError: ExecutionFailed: vtkContourFilter (proxy 1) failed: " in ended.errors
    verbose = apvpython("-v", str(script))
    assert verbose.code == 1
    assert "\nOn the server:\nTraceback" in verbose.errors and "execution.py" in verbose.errors


def test_error_before_there_is_a_session_shows_the_script_alone(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from servermanager import connect\nsession = await connect()\n")
    nobody: dict[str, Any] = {"APV_SERVER_URL": "auto", "APV_RUNTIME_DIR": str(tmp_path / "nobody")}
    ended = apvpython(str(script), **nobody)
    assert ended.code == 2 and len(ended.errors.splitlines()) == 1, ended
    assert ended.errors.startswith(f"apvpython: {script}, line 2: ConfigurationError: APV_SERVER_URL is 'auto': no apv")
    verbose = apvpython("-v", str(script), **nobody)
    assert verbose.code == 2 and "connection.py" in verbose.errors, verbose


def test_help_names_the_commands() -> None:
    ended = apvpython("--help")
    assert ended.code == 0
    assert "\n  keys  " in ended.output and "\n  doctor  " in ended.output, ended


def test_syntax_error_is_the_script_s(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("x = 1\ny = = 2\n")
    ended = apvpython(str(script))
    assert ended.code == 1
    assert f'File "{script}", line 2' in ended.errors and "runner.py" not in ended.errors, ended


def test_missing_script() -> None:
    ended = apvpython("/no/such/script.py")
    assert (ended.code, ended.errors) == (
        2,
        "apvpython: cannot read the script /no/such/script.py: No such file or directory\n",
    )


def test_code_and_arguments() -> None:
    ended = apvpython("-c", "import sys; print(sys.argv)", "a", "--server-url", "b")
    assert ended.output == "['-c', 'a', '--server-url', 'b']\n", ended


@pytest.mark.parametrize("arguments", [("-",), ()])
def test_standard_input(arguments: tuple[str, ...]) -> None:
    ended = apvpython(*arguments, given="import asyncio\nprint(await asyncio.sleep(0, 'read'))\n")
    assert (ended.code, ended.output) == (0, "read\n"), ended


def test_server_url_option_and_variable() -> None:
    with Server("inproc") as server:
        assert apvpython("--server-url", server.url, "-c", SPHERE).output == f"50 {server.url}\n"
        assert apvpython("-c", SPHERE, APV_SERVER_URL=server.url).output == f"50 {server.url}\n"
    assert apvpython("-c", SPHERE).output == "50 None\n"


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_a_plain_python_program(backend: str, tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    body = "".join(f"    {line}\n" for line in SPHERE.strip().splitlines())
    script.write_text(f"import asyncio\nasync def main():\n{body}\nasyncio.run(main())\n")
    with Program(str(script), APV_COMMUNICATION_BACKEND=backend) as program:
        assert program.wait() == 0, program.errors
        assert (program.output, program.errors) == ("50 None\n", "")


def test_a_session_that_was_not_closed(tmp_path: Path) -> None:
    """A user who forgets to close gets a clean end all the same, and soon: how long the beginning takes is not it."""
    for backend in ("inproc", "zmq"):
        code = SPHERE.replace("async with connect() as session:", "session = await connect()\nif True:")
        code += "import time\nprint(time.time())\n"
        ended = apvpython("-c", code, APV_COMMUNICATION_BACKEND=backend, TMPDIR=str(tmp_path))
        now = time.time()
        output, _, said = ended.output.rstrip().rpartition("\n")
        assert (ended.code, output, ended.errors) == (0, "50 None", ""), ended
        assert 0 <= now - float(said) < scaled(3), ended
