"""Who gets in: decisions about keys, hosts and origins, without a server."""

from __future__ import annotations

import pytest

from apvweb.access import Access, check_key, host_name, host_names, is_loopback, is_own_origin, new_key
from services_core import ConfigurationError


def test_a_key_is_new_each_time_and_compared_whole() -> None:
    access = Access(new_key(), "127.0.0.1")
    assert access.is_key(access.key)
    assert not any(map(access.is_key, (None, "", access.key[:-1], access.key + "a", new_key())))


def test_a_cookie_of_the_key_has_all_pages_and_one_of_an_invitation_its_own() -> None:
    access = Access(new_key(), "127.0.0.1")
    owner = access.guest(access.admit())
    assert owner is not None and owner.may_have("any")
    cookie = access.admit(page="one")
    assert access.admit(page="two", cookie=cookie) == cookie
    guest = access.guest(cookie)
    assert guest is not None and guest.may_have("one") and guest.may_have("two") and not guest.may_have("three")
    access.forget_page("one")
    access.forget_page("two")
    assert access.guest(cookie) is None
    assert access.guest("made up") is None and access.guest(None) is None


def test_the_cookie_of_the_same_key_is_the_same_and_of_another_key_another() -> None:
    key = new_key()
    one, again, other = (Access(text, "127.0.0.1") for text in (key, key, new_key()))
    assert one.admit() == again.admit() != other.admit()
    assert one.cookie_name == again.cookie_name != other.cookie_name
    assert key not in one.admit() and key not in one.cookie_name


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:8080", "[::1]:5", "LOCALHOST"])
def test_names_of_this_machine_are_answered_to(host: str) -> None:
    assert Access("", "127.0.0.1").answers_to(host)


@pytest.mark.parametrize(
    "host", [None, "", "example.org", "127.0.0.1.example.org", "192.0.2.1:80", "localhost.example"]
)
def test_other_names_are_not_on_loopback(host: str | None) -> None:
    assert not Access("", "127.0.0.1").answers_to(host)


def test_names_that_were_given_are_and_addresses_where_it_listens_beyond() -> None:
    behind = Access("", "127.0.0.1", host_names(["viz.example.org"]))
    assert behind.answers_to("viz.example.org") and behind.answers_to("VIZ.example.org:443")
    assert not behind.answers_to("192.0.2.1")
    assert Access("", "0.0.0.0").answers_to("192.0.2.1:80") and not Access("", "0.0.0.0").answers_to(
        "rebound.example.org"
    )


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:80", "127.0.0.1:80", True),
        ("https://viz.example.org", "viz.example.org", True),
        ("http://127.0.0.1:81", "127.0.0.1:80", False),
        ("http://localhost:80", "127.0.0.1:80", False),
        ("null", "127.0.0.1:80", False),
        ("file://", "127.0.0.1:80", False),
        (None, "127.0.0.1:80", False),
    ],
)
def test_only_pages_of_the_same_host_are_its_own(origin: str | None, host: str, own: bool) -> None:
    assert is_own_origin(origin, host) is own


def test_what_is_no_host_no_origin_and_no_text_is_refused_like_any_other() -> None:
    access = Access(new_key(), "127.0.0.1")
    for host in ("[", "[::1", "localhost:[", "]"):
        assert not access.answers_to(host)
        assert not is_own_origin(f"http://{host}", host)
    assert not access.is_key("\udcff")
    assert access.guest("\udcff") is None


def test_hosts_are_read_without_ports() -> None:
    assert [host_name(one) for one in ("a:1", "[::1]:2", "b", "")] == ["a", "::1", "b", ""]
    assert all(map(is_loopback, ("127.0.0.1", "127.8.0.1", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "a.example", "")))


def test_a_key_of_a_file_has_to_be_one() -> None:
    key = new_key()
    assert check_key(f"{key}\n", "it") == key
    for wrong in ("", "short", "a" * 40 + "?", "two words of a long key"):
        with pytest.raises(ConfigurationError, match="holds no key"):
            check_key(wrong, "it")
