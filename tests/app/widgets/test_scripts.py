"""The elements' scripts build their page from text only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app.widgets

FOLDER = Path(app.widgets.__file__).parent
SCRIPTS = sorted(FOLDER.glob("*.js"))
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML"
    r"|\beval\(|new Function|srcdoc|javascript:"
)


def test_the_check_knows_markup_when_it_sees_it():
    assert MARKUP.search('node.innerHTML = "<b>x</b>"')


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_text_becomes_markup(script):
    assert not MARKUP.search(script.read_text(encoding="utf-8"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_address_of_another_place_is_named(script):
    # The name of a vocabulary looks like an address, but nothing is fetched from it.
    text = script.read_text(encoding="utf-8").replace('"http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://", text)


def test_every_element_has_its_style():
    names = {path.stem for path in SCRIPTS}
    assert names == {path.stem for path in FOLDER.glob("*.css")}
    assert len(names) > 5
