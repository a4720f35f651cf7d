"""A document says in many ways whether it is in force, and everyday words that only look like it say nothing."""

import pytest

from rag.errors import InputError
from rag.ingest.normalize import normalize
from rag.ingest.standing import checked
from rag.types import ParseReport, RawBlock, RawDocument, Standing


def read(*lines, title="Travel policy", name="travel.md", media_type="text/markdown", **metadata):
    blocks = tuple(RawBlock("paragraph", line) for line in lines or ("Nothing.",))
    raw = RawDocument(
        f"/docs/{name}",
        name,
        title,
        media_type,
        "0" * 64,
        1,
        blocks,
        tuple(sorted(metadata.items())),
        ParseReport(None, 0, 0),
    )
    return normalize(raw, space="default").standing


@pytest.mark.parametrize(
    ("metadata", "status", "begins", "ends"),
    [
        ({"status": "in force", "effective": "2026-02-01"}, "in force", "2026-02-01", None),
        (
            {"status": "Approved", "valid-from": "1 May 2026", "valid-until": "2027"},
            "in force",
            "2026-05-01",
            "2027-12-31",
        ),
        ({"status": "working draft"}, "draft", None, None),
        ({"draft": "true"}, "draft", None, None),
        ({"status": "archived"}, "expired", None, None),
        ({"status": "obsolete", "superseded_by": "b.md"}, "superseded", None, None),
        ({"effective": "2026-02-01T00:00:00Z"}, "in force", "2026-02-01", None),
        ({"expires": "2026/06/30"}, "unknown", None, "2026-06-30"),
        ({"status": "blue"}, "unknown", None, None),
        ({"status": "Not approved"}, "unknown", None, None),
        ({"status": "not in force", "effective": "2026-02-01"}, "unknown", "2026-02-01", None),
        ({"status": "Not (yet) effective"}, "unknown", None, None),
        ({"status": "Not valid any more"}, "unknown", None, None),
        ({"status": "Un-approved"}, "unknown", None, None),
        ({"status": "no longer in force"}, "expired", None, None),
        ({"status": "no longer valid"}, "expired", None, None),
        ({"status": "Not for sale, approved"}, "in force", None, None),
    ],
)
def test_metadata(metadata, status, begins, ends):
    standing = read(**metadata)
    assert (standing.status, standing.effective_from, standing.effective_to) == (status, begins, ends)
    assert all(how == "metadata" for _, how in standing.learnt)


@pytest.mark.parametrize(
    ("line", "status", "begins", "ends"),
    [
        ("Version 3.2, effective 1 May 2026", "in force", "2026-05-01", None),
        ("Effective Date: May 1, 2026", "in force", "2026-05-01", None),
        ("Status: in force. Effective 1 October 2025.", "in force", "2025-10-01", None),
        ("In force since 1 June 2025. It replaces the version of 1 March 2024.", "in force", "2025-06-01", None),
        ("This policy takes effect on 1 January 2027.", "in force", "2027-01-01", None),
        ("Valid until 31 December 2025", "unknown", None, "2025-12-31"),
        ("Valid as of 1st March 2025", "in force", "2025-03-01", None),
        ("Last day in force: 30 June 2026", "unknown", None, "2026-06-30"),
        ("These rules apply from 1 May 2026.", "in force", "2026-05-01", None),
        ("These rules no longer apply.", "expired", None, None),
        ("NOT YET IN FORCE", "draft", None, None),
        ("WORKING DRAFT - for the board", "draft", None, None),
        ("Status: pending approval", "draft", None, None),
        ("Superseded on 1 March 2025 by the new rules.", "superseded", None, "2025-02-28"),
        ("This policy was replaced by the Beta rules on 1 May 2024.", "superseded", None, "2024-04-30"),
        ("Valid until 2026/06/30.", "unknown", None, "2026-06-30"),
        ("This agreement is valid from 1 January 2025 until 31 December 2026.", "in force", "2025-01-01", "2026-12-31"),
        ("Status: not yet approved", "unknown", None, None),
        ("This document is no longer valid.", "expired", None, None),
        ("DRAFT", "draft", None, None),
        ("Draft - not for circulation", "draft", None, None),
        ("This document is a draft for comment.", "draft", None, None),
        ("Superseded. Kept for older orders.", "superseded", None, None),
        ("This is an old version.", "superseded", None, None),
        ("This page has been archived.", "expired", None, None),
        ("Edition of 1 March 2025", "in force", "2025-03-01", None),
        ("Terms, edition of 4 April 2022.", "in force", "2022-04-04", None),
        ("Edition of 1 June 2026. It replaces the edition of 1 March 2025.", "in force", "2026-06-01", None),
        ("Price list – version dated May 2026", "in force", "2026-05-01", None),
        ("Gültig: valid until 31.12.2025", "unknown", None, None),
    ],
)
def test_what_the_first_lines_say(line, status, begins, ends):
    standing = read(line)
    assert (standing.status, standing.effective_from, standing.effective_to) == (status, begins, ends)


@pytest.mark.parametrize(
    "line",
    [
        "The parameter is effective only in the current session.",
        "You cannot replace your licence if it is expired.",
        "The voucher is valid until 31 December 2025.",
        "Superseded documents are kept in the archive for 5 years.",
        "Compress-Archive makes an archive of files.",
        "Draft beer is served from 1 May 2026.",
        "The old router has been replaced by the new one.",
        "Your award leave will expire one year after the effective date.",
        "We sell the first edition of 1 March 1925 for 40 pounds.",
        "Version 3.2",
        "They keep the edition of 4 April 2022.",
        "This version is currently only available as a pre-release.",
    ],
)
def test_everyday_words_say_nothing(line):
    assert read(line) == Standing(family="", edition="")


def test_who_takes_the_place_is_read():
    standing = read("This document has been superseded by Travel policy 2026.")
    assert (standing.status, standing.successor) == ("superseded", "Travel policy 2026")


@pytest.mark.parametrize(
    ("title", "name", "status"),
    [
        ("Travel policy (superseded)", "travel.md", "superseded"),
        ("Travel policy - DRAFT", "travel.md", "draft"),
        ("Travel policy", "travel-draft.md", "draft"),
        ("Expand-Archive", "Expand-Archive.md", "unknown"),
        ("How to draft a contract", "contract.md", "unknown"),
    ],
)
def test_title_and_name_say_it_at_their_ends(title, name, status):
    assert read(title=title, name=name).status == status


@pytest.mark.parametrize(
    ("title", "name", "family", "edition"),
    [
        ("Limited warranty (2024 edition)", "w.md", "limited warranty", "2024"),
        ("Limited warranty, 2026 edition", "w.md", "limited warranty", "2026"),
        ("Privacy notice | Hexmoor", "privacy-2025.html", "privacy notice", "2025"),
        ("Employee handbook v3.1", "handbook.pdf", "employee handbook", "3.1"),
        ("Kestrel 4 user manual", "k4.md", "", ""),
        ("2008 Summer Olympics", "olympics.txt", "", ""),
    ],
)
def test_editions_of_a_text_that_governs_share_a_family(title, name, family, edition):
    standing = read(title=title, name=name)
    assert (standing.family, standing.edition) == (family, edition)


def test_a_text_that_governs_and_has_no_other_mark_is_called_by_its_first_day():
    standing = read("Edition of 1 September 2026. Replaces that of 2024.", title="Missed lessons and giving notice")
    assert (standing.edition, standing.effective_from) == ("2026-09-01", "2026-09-01")
    assert read("Valid from 1 May 2026.", title="Opening times of the north branch").edition == ""


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("HexOS 5.2 release notes", "hexos-5.2.md"),
        ("Minutes of 3 March 2026", "minutes.md"),
        ("Support review Q1 2026", "review.pptx"),
        ("handover", "handover-2026-05-22.txt"),
    ],
)
def test_texts_that_tell_what_happened_have_no_editions(title, name):
    standing = read(title=title, name=name, effective="2026-01-01")
    assert (standing.reports, standing.family) == (True, "")


def test_an_end_before_the_beginning_is_not_believed():
    assert read("Valid until 31 December 2024", effective="2025-01-01").effective_to is None


def test_what_a_person_says_is_checked():
    assert checked({"effective_from": "1 May 2026", "effective_to": None, "successor": None}) == {
        "effective_from": "2026-05-01",
        "effective_to": None,
        "successor": "",
    }
    with pytest.raises(InputError, match="no status"):
        checked({"status": "fine"})
