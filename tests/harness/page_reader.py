"""A reader of a page: does with its blocks what they are for, in a fresh folder, with the real programs.

Nothing of a block is changed but the numbers of ports, of which other programs may have taken those on the page.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from .apvtest import ROOT, Program
from .free_ports import free_port
from .page_blocks import Script, Step, Terminal, Write, missing
from .ssh_daemon import SshDaemon

PORTS: Final = ("11111", "22222")
PROGRAMS: Final = {"apvserver": "-P -m apvserver", "apvpython": "-P -m apvpython", "python": ""}
_SHELL: Final = "import os, sys; os.execvp('bash', ['bash', '-eu', '-o', 'pipefail', '-c', sys.argv[1]])"
_BARE_SERVER: Final = re.compile(
    r"^(?:\w+=\S+ +)*apvserver(?=$| +(?:-|#))(?!.*(?:--server-port|-p |--listen|-rc))", re.MULTILINE
)
DEADLINE_S: Final = 90.0


class Reader:
    """Follows steps in a folder like a clone of the project. What serves is interrupted at the end, and ends well.

    With `ssh` every machine that a page names is this one, in a folder of its own.
    """

    def __init__(self, folder: Path, *, ssh: bool = False) -> None:
        self.folder = folder / "page"
        self.folder.mkdir()
        for name in ("examples", "bench"):
            (self.folder / name).symlink_to(ROOT / name)
        self._ports = {port: str(free_port()) for port in PORTS}
        self._env = {
            "PATH": os.pathsep.join([str(_programs(folder / "bin")), os.environ.get("PATH", "")]),
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),  # fonts of matplotlib
            "APV_RUNTIME_DIR": str(_private(folder / "runtime")),
            "APV_CONFIG_DIR": str(_private(folder / "config")),
        }
        self._stack = ExitStack()
        if ssh:
            self._stack.enter_context(_ssh(folder, self._env))
        self._beside: list[tuple[Terminal, Program]] = []
        self._scripts = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *exception: object) -> None:
        with self._stack:
            if exception[0] is None:
                self._end_what_is_beside()

    def follow(self, step: Step) -> None:
        """Do one step, to its end unless it goes on in a terminal of its own. Raises AssertionError if it fails."""
        match step:
            case Write():
                path = self.folder / step.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self._here(step.text), encoding="utf-8")
            case Script():
                self._run_script(step)
            case Terminal():
                self._type(step)

    def _run_script(self, step: Script) -> None:
        self._scripts += 1
        name = f"script_{self._scripts}.py"
        (self.folder / name).write_text(self._here("\n".join(block.code for block in step.blocks)), encoding="utf-8")
        with Program("-P", "-m", "apvpython", name, directory=self.folder, **self._env) as program:
            program.end_input()
            where = f"the Python of lines {', '.join(str(block.line) for block in step.blocks)}"
            self._well_ended(where, program)
            assert program.errors == "", f"{where} writes to standard error:\n{program.errors}"
            for block in step.blocks:
                self._printed(f"line {block.line}", block.prints, program.output)

    def _type(self, step: Terminal) -> None:
        code = self._here(step.block.code).strip()
        if step.beside:
            first, _, last = code.rpartition("\n")
            code = f"{first}\nexec env {last}"  # so that a signal goes to the program, as Ctrl-C in a terminal does
        program = Program("-c", _SHELL, code, directory=self.folder, **self._env)
        self._stack.enter_context(program)
        if step.beside:
            self._beside.append((step, program))
            if step.serves:
                program.wait_for("ready at")
        else:
            program.end_input()
            self._well_ended(f"line {step.block.line}", program)
            self._printed(f"line {step.block.line}", step.block.prints, program.output)

    def _end_what_is_beside(self) -> None:
        for step, program in reversed(self._beside):
            program.end_input()
            if step.serves and "--exit-with-stdin" not in step.block.code:
                program.signal(signal.SIGINT)
            self._well_ended(f"line {step.block.line}, beside the others,", program)
            self._printed(f"line {step.block.line}", step.block.prints, program.output)

    def _here(self, code: str) -> str:
        """The code with ports that are free here."""
        code = _BARE_SERVER.sub(rf"\g<0> --server-port {PORTS[0]}", code)
        for page, here in self._ports.items():
            code = code.replace(page, here)
        return code

    def _printed(self, where: str, expected: tuple[str, ...], output: str) -> None:
        for page, here in self._ports.items():
            output = output.replace(here, page)
        lacking = missing(expected, output)
        assert not lacking, f"{where} is said to print {lacking}; it printed:\n{output}"

    def _well_ended(self, where: str, program: Program) -> None:
        code = program.wait(deadline_s=DEADLINE_S)
        assert code == 0, f"{where} ended with {code}:\n{program.output}\n--- errors\n{program.errors}"


def _programs(directory: Path) -> Path:
    """Make the commands that a page may name, as an environment has them where the project is installed."""
    directory.mkdir()
    for name, arguments in PROGRAMS.items():
        _command(directory / name, f"{shlex.quote(sys.executable)} {arguments}")
    return directory


def _command(path: Path, words: str) -> None:
    path.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
    path.chmod(0o755)


def _ssh(folder: Path, env: dict[str, str]) -> SshDaemon:
    """Return an sshd of this user, to which `ssh` and `scp` lead, whatever the name of the machine."""
    home = folder / "elsewhere"
    home.mkdir()
    login = folder / "login"
    login.write_text(f'cd {shlex.quote(str(home))} && exec sh -c "$SSH_ORIGINAL_COMMAND"\n', encoding="utf-8")
    there = {**env, "HOME": str(home)}
    daemon = SshDaemon(
        _private(folder / "ssh"),
        f"ForceCommand sh {login}",
        "SetEnv " + " ".join(f'{name}="{value}"' for name, value in there.items()),
    )
    config = folder / "ssh" / "ssh_config"
    with config.open("a", encoding="utf-8") as more:
        more.write(f"HostName 127.0.0.1\nPort {daemon.port}\n")
    for name in ("ssh", "scp -O"):  # -O: by the command of that name over there, which begins in its folder
        program, *options = name.split()
        words = [str(shutil.which(program)), *options, "-F", str(config)]
        _command(folder / "bin" / program, shlex.join(words))
    return daemon


def _private(directory: Path) -> Path:
    directory.mkdir(mode=0o700)
    return directory
