"""Options with which apvweb cannot serve: one line says what is wrong, and it ends with 2."""

from __future__ import annotations

import pytest

from tests.harness.apvtest import run

MISTAKES = {
    ("--tls-cert", "/no/such.pem"): "--tls-cert /no/such.pem: ",
    ("--tls-key", "/no/such.pem"): "--tls-key needs --tls-cert",
    ("--server-url", "localhost:11111"): "'localhost:11111' is no URL; it looks like tcp://127.0.0.1:11111",
    ("--server-url", "tcp://127.0.0.1:1", "--token-file", "/no/token"): "there is no token file /no/token",
    ("--port", "99999"): "--port is 0 to 65535",
    ("--host", "0.0.0.0"): "without --tls-cert",
}


@pytest.mark.parametrize("options", MISTAKES, ids=" ".join)
def test_one_line_says_what_is_wrong(options: tuple[str, ...]) -> None:
    ended = run("apvweb", "--no-browser", *options)
    assert ended.code == 2
    assert ended.errors.startswith("apvweb: ") and ended.errors.count("\n") == 1
    assert MISTAKES[options] in ended.errors and not ended.output
