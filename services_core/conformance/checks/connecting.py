"""Listening and connecting: addresses, and the errors for those that will not do."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from ...errors import Closed, ConfigurationError, ConnectionFailed
from ..check import check
from ..expect import BrokenPromise, expect
from ..stage import Stage, message


def _raises(error: type[Exception], action: Callable[[], object], promise: str) -> Exception:
    try:
        result = action()
    except error as raised:
        return raised
    except Exception as raised:
        raise BrokenPromise(f"{error.__name__} for {promise}", repr(raised)) from raised
    raise BrokenPromise(f"{error.__name__} for {promise}", result)


@check
def connect_where_nobody_listens(stage: Stage) -> None:
    """`connect` returns at once; a channel to where nobody listens closes with ConnectionFailed within connect_s."""
    gone, near = stage.backend(), stage.backend()
    url = gone.listen(stage.url(gone), lambda _: None).url
    gone.close(stage.wait_s)
    ear = stage.recorder("the end that found nobody")
    began = time.monotonic()
    channel = near.connect(url)
    channel.send(message(1))
    channel.start(ear)
    channel.flush()
    error = ear.wait_closed(near.limits.connect_s + stage.wait_s)
    took_s = time.monotonic() - began
    expect(isinstance(error, ConnectionFailed), "on_closed(ConnectionFailed)", repr(error))
    expect(took_s < near.limits.connect_s, f"that within {near.limits.connect_s:g} s", f"{took_s:.2f} s")


@check
def closed_listener_keeps_its_channels(stage: Stage) -> None:
    """`Listener.close` accepts no more, and leaves the channels accepted before in peace; it may be repeated."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    line = stage.open(near, listener.url, accepted)
    listener.close()
    listener.close()
    ear = stage.recorder("the end that came too late")
    late = near.connect(listener.url)
    late.start(ear)
    late.send(message(1))
    late.flush()
    ear.wait_closed(near.limits.connect_s + stage.wait_s)
    expect(accepted.empty(), "no channel accepted after close", "one was")
    for number in range(100):
        line.near.send(message(number))
        line.far.send(message(number))
    line.near.flush()
    line.far.flush()
    line.far_ear.expect_ids(range(100))
    line.near_ear.expect_ids(range(100))


@check
def address_in_use(stage: Stage) -> None:
    """Listening where somebody listens raises ConnectionFailed, and does not disturb who is there."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    _raises(ConnectionFailed, lambda: far.listen(listener.url, lambda _: None), "an address in use")
    stage.open(near, listener.url, accepted)


@check
def malformed_addresses(stage: Stage) -> None:
    """`listen` and `connect` raise ConfigurationError for what is no URL of this backend."""
    backend = stage.backend()
    for url in ("", "nonsense", "no-such-scheme://x", *(f"{scheme}://" for scheme in backend.schemes)):
        _raises(ConfigurationError, partial(backend.listen, url, lambda _: None), f"listen({url!r})")
        _raises(ConfigurationError, partial(backend.connect, url), f"connect({url!r})")


@check
def private_addresses(stage: Stage) -> None:
    """`private_url` is fresh at each call, has a scheme of the backend, and says no where it cannot serve."""
    backend = stage.backend()
    urls = [backend.private_url() for _ in range(3)]
    expect(len(set(urls)) == 3, "three different addresses", urls)
    expect(all(url.partition("://")[0] in backend.schemes for url in urls), f"schemes {backend.schemes}", urls)
    listeners = [backend.listen(url, lambda _: None) for url in urls]
    expect(len({listener.url for listener in listeners}) == 3, "three listeners", [one.url for one in listeners])
    if backend.crosses_processes:
        two = [backend.listen(backend.private_url(other_processes=True), lambda _: None) for _ in range(2)]
        expect(two[0].url != two[1].url, "two addresses for other processes", two[0].url)
    else:
        _raises(ConfigurationError, lambda: backend.private_url(other_processes=True), "private_url(other_processes)")


@check
def closed_backend_refuses(stage: Stage) -> None:
    """A closed backend raises Closed from `connect` and `listen`."""
    backend = stage.backend()
    url = stage.url(backend)
    url = backend.listen(url, lambda _: None).url
    backend.close(stage.wait_s)
    _raises(Closed, lambda: backend.connect(url), "connect after close")
    _raises(Closed, lambda: backend.listen(url, lambda _: None), "listen after close")
