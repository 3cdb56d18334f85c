"""From ssh:// URLs to commands."""

from __future__ import annotations

import pytest

from servermanager import ConfigurationError
from servermanager.reach.ssh_address import SshAddress, ssh_address


@pytest.mark.parametrize(
    ("url", "host", "user", "port", "command"),
    [
        ("ssh://big", "big", "", None, "apvserver"),
        ("ssh://ada@Big.Example.org:2222", "Big.Example.org", "ada", 2222, "apvserver"),
        ("ssh://ada@[fe80::1%25eth0]:22/", "fe80::1%eth0", "ada", 22, "apvserver"),
        ("ssh://[::1]", "::1", "", None, "apvserver"),
        ("ssh://ada@[::ffff:10.0.0.1]:2222", "::ffff:10.0.0.1", "ada", 2222, "apvserver"),
        ("ssh://Big:0022", "Big", "", 22, "apvserver"),
        ("ssh://big:22?command=a@b", "big", "", 22, "a@b"),
        ("ssh://big?command=module%20load%20vtk%20%26%26%20apvserver", "big", "", None, "module load vtk && apvserver"),
        ("ssh://big?command=/opt/apv/bin/apvserver --data-root /data", "big", "", None,
         "/opt/apv/bin/apvserver --data-root /data"),
    ],
)  # fmt: skip
def test_what_a_url_says(url: str, host: str, user: str, port: int | None, command: str) -> None:
    assert ssh_address(url) == SshAddress(url, host, user, port, command)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ssh://", "names no host"),
        ("ssh://ada@", "names no host"),
        ("ssh://-oProxyCommand=x", "names no host"),
        ("ssh://-l@host", "names no host"),
        ("ssh://ho;st", "names no host"),
        ("ssh://ho$(id)st", "names no host"),
        ("ssh://host:port", "Port could not be cast"),
        ("ssh://host:70000", "Port out of range"),
        ("ssh://host/home", "goes on after the host"),
        ("ssh://host?program=x", "says program; what can be said is command"),
        ("ssh://host?command=", "names no host, port, user or command"),
        ("ssh://host?command=a%00b", "names no host, port, user or command"),
        ("ssh://host?command=a%0Ab", "names no host, port, user or command"),
        ("ssh://host?command=a&command=b", "says command twice"),
        ("ssh://%2DoProxyCommand=x", "names no host"),
        ("ssh://%2Dl@host", "names no host"),
        ("ssh://ho%0Ast", "names no host"),
        ("ssh://ho%3Bst", "names no host"),
        ("ssh://[-oProxyCommand]", "names no host|not appear to be an IPv4 or IPv6"),
        ("ssh://:22", "names no host"),
        ("ssh://host:0", "names no host"),
    ],
)
def test_what_cannot_be(url: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as raised:
        ssh_address(url)
    assert "it looks like ssh://user@host" in str(raised.value)


@pytest.mark.parametrize("rest", ["big", "big:port", "[big", "big?speed=1", "ad@a@big"])
def test_a_password_is_refused_and_not_repeated(rest: str) -> None:
    with pytest.raises(ConfigurationError, match="holds no password") as raised:
        ssh_address(f"ssh://ada:hunter2@{rest}")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("password", ["hunter/2", "hunter?2", "hunter#2", "2222?hunter2", "hunter%402", "hun@ter2"])
def test_a_password_of_any_letters_is_not_repeated(password: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        ssh_address(f"ssh://ada:{password}@big")
    assert "hunter" not in str(raised.value) and "hun@" not in str(raised.value)


def test_the_commands() -> None:
    address = ssh_address("ssh://ada@big:2222?command=cd /data %26%26 apvserver --data-root .")
    start = address.start(["ssh", "-v"], "/tmp/c")
    assert start[:5] == ["ssh", "-v", "-M", "-S", "/tmp/c"]
    assert start[-3:] == [
        "--", "ada@big", "cd /data && apvserver --data-root . --server-port 0 --exit-with-stdin --token-file -"
    ]  # fmt: skip
    assert start[start.index("-p") + 1] == "2222"
    assert address.forward(["ssh"], "/tmp/c", "/tmp/s", "127.0.0.1", 4711) == [
        "ssh", "-S", "/tmp/c", "-O", "forward", "-L", "/tmp/s:127.0.0.1:4711", "-p", "2222", "--", "ada@big",
    ]  # fmt: skip
