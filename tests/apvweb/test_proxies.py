"""Encryption by the program itself, and by a proxy in front of it, below a path of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apvweb.web_server import Listening
from services_core import ConfigurationError
from tests.harness.apvtest import in_loop, poll_async
from tests.harness.browsers import chromium, drag, needs_browser, open_page, pictures
from tests.harness.free_ports import free_port
from tests.harness.time_limits import scaled

from .site import serving

pytestmark = pytest.mark.deep
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to make a certificate")
NGINX = shutil.which("nginx") or (shutil.which("nginx", path="/usr/sbin"))
needs_nginx = pytest.mark.skipif(NGINX is None, reason="there is no nginx: apt install nginx-light")

PROXY = """
daemon off; master_process off; pid {place}/pid; error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {place}/a; proxy_temp_path {place}/b; fastcgi_temp_path {place}/c; uwsgi_temp_path {place}/d;
    scgi_temp_path {place}/e;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {place}/cert.pem; ssl_certificate_key {place}/key.pem;
        location /viz/ {{
            proxy_pass http://127.0.0.1:{behind}/;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_buffering off;
            proxy_read_timeout 1h;
        }}
    }}
}}
"""
"""What docs/web.md shows, with places of the test."""


def certificate(place: Path) -> Listening:
    """A certificate for this machine, signed by itself."""
    cert, key = place / "cert.pem", place / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(
        [*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True, timeout=scaled(30)
    )
    return Listening(tls_cert=cert, tls_key=key)


@needs_browser
@needs_openssl
@in_loop
async def test_pages_and_pictures_come_encrypted(tmp_path: Path) -> None:
    async with serving(listening=certificate(tmp_path)) as site, chromium() as browser:
        assert site.link.startswith("https://")
        page = await open_page(browser, site.link, ignore_https_errors=True)
        before = await pictures(page)
        await drag(page, 40, 20)
        await page.wait_for_function(
            "(before) => Number(document.querySelector('canvas.apv-canvas').dataset.pictures) > before", arg=before
        )
        (cookie,) = await page.context.cookies()
        assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "cert.pem"
    wrong.write_text("nothing")
    with pytest.raises(ConfigurationError, match="--tls-cert"):
        Listening(tls_cert=wrong).tls()


@needs_browser
@needs_openssl
@needs_nginx
@in_loop
async def test_a_proxy_below_a_path_of_its_own_leads_here(tmp_path: Path) -> None:
    certificate(tmp_path)
    async with serving() as site, chromium() as browser:
        port = free_port()
        config = tmp_path / "nginx.conf"
        config.write_text(PROXY.format(place=tmp_path, port=port, behind=site.server.port))
        with proxying(config):
            await poll_async(lambda: _listens(port), what="the proxy")
            link = f"https://localhost:{port}/viz/?key={site.server.access.key}"
            page = await open_page(browser, link, ignore_https_errors=True)
            assert page.url.startswith(f"https://localhost:{port}/viz/s/")
            before = await pictures(page)
            await drag(page, 40, 20)
            await page.wait_for_function(
                "(before) => Number(document.querySelector('canvas.apv-canvas').dataset.pictures) > before", arg=before
            )
            (cookie,) = await page.context.cookies()
            assert cookie["secure"], "the proxy has said that the page is encrypted"


@contextmanager
def proxying(config: Path) -> Iterator[None]:
    """Have a proxy run in the block."""
    proxy = subprocess.Popen([str(NGINX), "-p", str(config.parent), "-c", str(config)], stderr=subprocess.PIPE)
    try:
        yield
    finally:
        proxy.terminate()
        proxy.communicate(timeout=scaled(10))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
