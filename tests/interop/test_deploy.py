"""What examples/deploy has, tried as far as a machine of tests can: the unit, the script, options in all of them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apvserver.command_line import parser
from async_paraview.credentials import find_server

from ..harness.apvtest import ROOT, environment, poll, run
from ..harness.time_limits import scaled

DEPLOY = ROOT / "examples" / "deploy"
BASH = shutil.which("bash")
ANALYZE = shutil.which("systemd-analyze")


def options_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def test_every_option_is_one_of_the_program() -> None:
    known = {text for action in parser()._actions for text in action.option_strings}  # noqa: SLF001
    script = (DEPLOY / "apvserver.slurm").read_text()
    unit = re.search(r"^ExecStart=\S+ (.*)$", (DEPLOY / "apvserver.service").read_text(), re.MULTILINE)
    entry = re.search(r"^ENTRYPOINT (.*)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert unit is not None and entry is not None
    body = "\n".join(line for line in script.splitlines() if not line.startswith("#"))
    for text in (unit[1], entry[1], body):
        found = options_in(text)
        assert found and found <= known, found - known
    parser().parse_args(shlex.split(unit[1]))


@pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")
def test_the_unit_is_one_for_systemd(tmp_path: Path) -> None:
    assert ANALYZE is not None
    unit = tmp_path / "apvserver.service"
    text = (DEPLOY / "apvserver.service").read_text()
    unit.write_text(text.replace("/opt/async-paraview/bin/apvserver", sys.executable))  # which must be there
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=scaled(60)
    )
    about = [line for line in done.stderr.splitlines() if "apvserver" in line and "User" not in line]
    assert not about, done.stderr
    stop = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    drain = re.search(r"--drain-timeout (\d+)", text)
    assert stop is not None and drain is not None and int(stop[1]) > int(drain[1])


@pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="needs bash")
def test_the_script_runs_as_slurm_would_run_it_and_drains_at_its_signal(tmp_path: Path) -> None:
    assert BASH is not None
    script = DEPLOY / "apvserver.slurm"
    assert subprocess.run([BASH, "-n", str(script)], timeout=scaled(20)).returncode == 0
    own: dict[str, Any] = {"APV_CONFIG_DIR": str(tmp_path), "APV_RUNTIME_DIR": str(tmp_path / "run")}
    assert run("apvserver", "keys", "allow", "me", "ab" * 32, **own).code == 0
    program = tmp_path / "apvserver"
    program.write_text(f'#!{BASH}\nexec {shlex.quote(sys.executable)} -m apvserver "$@"\n')
    program.chmod(0o755)
    job = {
        "APVSERVER": str(program), "SLURM_JOB_ID": "17", "SLURM_CPUS_PER_TASK": "2", "SLURM_MEM_PER_NODE": "4096",
        "SERVER_ADDRESS": "127.0.0.1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }  # fmt: skip
    log = tmp_path / "job.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [BASH, str(script), "--keys"], stdout=output, stderr=subprocess.STDOUT, env=environment(**own, **job)
        )
    try:
        ready = poll(
            lambda: re.search(r"ready at (curve://127\.0\.0\.1:\d+)\?key=\w{64}", log.read_text()), deadline_s=30
        )
        assert "this node is " in log.read_text()
        assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
        ended = run("apvserver", "status", "--server-url", ready[1], "--json", **own)
        assert ended.code == 0 and f'"pid": {server.pid}' in ended.output, ended  # exec: Slurm's signal comes to it
        server.send_signal(signal.SIGTERM)
        assert server.wait(scaled(30)) == 0
    finally:
        server.kill()
        server.wait()
    assert find_server(ready[1]) is None
