"""Names of uploaded files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.names import clean_name, distinct, place_of


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("guide.pdf", "guide.pdf"),
        ("manuals/kestrel/guide.pdf", "manuals/kestrel/guide.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\Users\\me\\guide.pdf", "C:/Users/me/guide.pdf"),
        ("/absolute.txt", "absolute.txt"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 251 + ".pdf", "x" * 251 + ".pdf"),
        ("x" * 300 + ".pdf", "x" * 242 + "-c5aab184.pdf"),
    ],
)
def test_a_name_is_kept_without_what_could_lead_away_or_mislead(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name):
    parts = clean_name(name).split("/")
    assert all(part and part.strip(". ") and len(part) <= 255 for part in parts)
    assert len(parts) <= 8


def test_names_that_differ_only_in_what_is_cut_stay_different():
    assert clean_name("x" * 250 + " part one.pdf") != clean_name("x" * 250 + " part two.pdf")
    deep = "/".join("abcdefgh")
    assert clean_name(f"one/{deep}/a.pdf") != clean_name(f"two/{deep}/a.pdf")


def test_files_of_one_name_that_come_together_are_numbered():
    assert distinct(["a.pdf", "b/a.pdf", "a.pdf", "a (2).pdf", "a.pdf"]) == [
        "a.pdf",
        "b/a.pdf",
        "a (2).pdf",
        "a (2) (2).pdf",
        "a (3).pdf",
    ]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("upload:guide.pdf", ""),
        ("upload:manuals/kestrel/guide.pdf", "manuals/kestrel"),
        ("upload:all.zip!/guide.pdf", "all.zip"),
        ("upload:all.zip!/manuals/guide.pdf", "all.zip › manuals"),
        ("/srv/guide.pdf", "srv"),
        ("/srv/desk/documents/help/guide.pdf", "…/desk/documents/help"),
    ],
)
def test_where_a_file_lay_is_told_by_what_holds_it(source, place):
    assert place_of(source) == place
