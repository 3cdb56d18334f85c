"""A real sshd on a high port of loopback, with keys of its own, for tests of what goes over ssh."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from .apvtest import poll
from .free_ports import free_port
from .time_limits import scaled

SSHD: Final = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
MISSING: Final = [name for name, found in {"ssh": shutil.which("ssh"), "sshd": SSHD}.items() if not found]


class SshDaemon:
    """Lets this user in by a key. `ssh` is the command of a client that knows host and key; `log` what sshd says."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.port = free_port()
        self._log = directory / "sshd.log"
        for name in ("host_key", "user_key"):
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name))
        shutil.copy(directory / "user_key.pub", directory / "authorized_keys")
        host = (directory / "host_key.pub").read_text()
        (directory / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host}")
        self.known_hosts = directory / "known_hosts"
        client = {
            "IdentityFile": directory / "user_key",
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": self.known_hosts,
            "GlobalKnownHostsFile": "none",
            "StrictHostKeyChecking": "yes",
            "BatchMode": "yes",
        }
        config = directory / "ssh_config"
        config.write_text("".join(f"{name} {value}\n" for name, value in client.items()))
        self.ssh = f"ssh -F {config}"
        server = [
            f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {directory / 'host_key'}", "UsePAM no",
            f"AuthorizedKeysFile {directory / 'authorized_keys'}", "StrictModes no", "PasswordAuthentication no",
            "PermitRootLogin prohibit-password", f"PidFile {directory / 'sshd.pid'}", *options,
        ]  # fmt: skip
        (directory / "sshd_config").write_text("\n".join(server) + "\n")
        with suppress(OSError):  # another user has no use for it
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        assert SSHD is not None
        self._process = subprocess.Popen(
            [SSHD, "-D", "-f", str(directory / "sshd_config"), "-E", str(self._log)], stdin=subprocess.DEVNULL
        )

    def __enter__(self) -> SshDaemon:
        poll(self._answers, what="sshd")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(scaled(10))

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=scaled(1)):
            return True
        return False


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=scaled(30))
