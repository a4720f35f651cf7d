"""A desk's own contacts stay where personal data is masked, and nothing else does."""

from __future__ import annotations

import pytest

from rag.safety.contacts import foreign, with_a_contact


def kept(text, contact):
    """Return whether a text holds nothing beside the contact."""
    return not foreign(text, (contact,))


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Write to Help@Acme.example now", "help@acme.example"),
        ("Write to anna@mail.acme.example", "acme.example"),
        ("See ?to=help%40acme.example", "help@acme.example"),
        ("Write to help (at) acme (dot) example", "help@acme.example"),
        ("Write to help (at) acme.example", "acme.example"),
        ("See ?to=help%40acme.example", "acme.example"),
        ("See https://www.acme.example/help", "acme.example"),
        ("Call +353 21 555 0142", "+353 21 5550142"),
        ("Call 00353 21 555 0142", "+353 (0)21 555 0142"),
        ("Call 021 555 0142", "+353 21 555 0142"),
        ("Call +353 21 555 0142", "021 555 0142"),
        ("Pay to DE89 3704 0044 0532 0130 00.", "DE89370400440532013000"),
        ("Open 192.168.1.1 in the browser", "192.168.1.1"),
    ],
)
def test_a_contact_is_known_in_other_ways_to_write_it(text, contact):
    assert foreign(text, ())
    assert kept(text, contact)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Write to eve@notacme.example", "acme.example"),
        ("Write to eve@acme.example.org", "acme.example"),
        ("Write to eve@acme.example", "help@acme.example"),
        ("See https://evil.example/acme.example", "acme.example"),
        ("Call +44 21 555 0142", "+353 21 555 0142"),
        ("Call 0142 555", "+353 21 014 2555"),
        ("Call +353 21 555 0143", "+353 21 555 0142"),
        ("Open 192.168.1.10", "192.168.1.1"),
    ],
)
def test_what_only_looks_like_a_contact_is_none(text, contact):
    assert not kept(text, contact)


@pytest.mark.parametrize("text", ["help@acme.example", "acme.example", "+353 21 555 0142", "555 0142", "192.168.1.1"])
def test_an_entry_that_names_a_contact_is_kept_as_it_is(text):
    assert with_a_contact(text) == text


@pytest.mark.parametrize("text", ["", "help", "@acme", "Call us: 021 555 0142", "acme.example, acme.org", "*"])
def test_an_entry_that_names_none_is_a_mistake(text):
    with pytest.raises(ValueError, match="expected an e-mail address, a domain, a phone number"):
        with_a_contact(text)
