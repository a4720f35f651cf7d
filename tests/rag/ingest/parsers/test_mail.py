"""Mails: headers, the text that says most, and attachments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage, MIMEPart

import pytest

from rag.ingest.parsers import mail
from rag.ingest.parsers.parsed import ParserInput
from rag.types import RawBlock

Given = Callable[..., ParserInput]


def shown(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [f"{block.kind}{block.level or ''}: {block.text}" for block in blocks if not block.hidden]


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Ann <ann@example.com>", "bo@example.com"
    message["Subject"], message["Date"] = "Rückgabe", "Mon, 02 Mar 2026 10:00:00 +0100"
    return message


def test_a_mail_begins_with_its_headers_and_keeps_quoted_replies(given: Given) -> None:
    message = letter()
    message.set_content("Hello Bo,\n\nyes.\n\n> May I return it?\n")
    parsed = mail.parse(given("a.eml", message.as_bytes()))
    assert shown(parsed.blocks) == [
        "heading1: Rückgabe",
        "paragraph: From: Ann <ann@example.com>\nTo: bo@example.com\nDate: Mon, 02 Mar 2026 10:00:00 +0100",
        "paragraph: Hello Bo,",
        "paragraph: yes.",
        "paragraph: May I return it?",
    ]
    assert dict(parsed.metadata)["created"] == "2026-03-02T10:00:00+01:00"


def test_a_ticket_that_looks_like_a_mail_keeps_all_its_headers(given: Given) -> None:
    fields = "Subject: Refund\nFrom: Ann\nStatus: closed\nDate: 2026-03-02\nPhone: 210\n"
    assert shown(mail.parse(given("a.txt", f"{fields}\nThe fan is loud.\n")).blocks) == [
        "heading1: Refund",
        "paragraph: From: Ann\nDate: 2026-03-02\nStatus: closed\nPhone: 210",
        "paragraph: The fan is loud.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_headers_whose_letters_stand_there_as_they_are_are_read(given: Given, encoding: str) -> None:
    inner = "From: José Núñez <jose@example.com>\nSubject: Größe – 5 €\n\nHola.\n"
    parts = f"--b\n\nSee it.\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    outer = f"From: Zoë <zoe@example.com>\nSubject: Café\nContent-Type: multipart/mixed; boundary=b\n\n{parts}"
    file = given("a.eml", outer.encode(encoding))
    assert shown(mail.parse(file).blocks)[:2] == ["heading1: Café", "paragraph: From: Zoë <zoe@example.com>"]
    attached = mail.parse(replace(file, path=file.folder / "0"))
    assert shown(attached.blocks)[:2] == [
        "heading1: Größe – 5 €",
        "paragraph: From: José Núñez <jose@example.com>",
    ]


def test_signs_before_lines_of_earlier_mails_are_no_words_and_each_mail_is_apart(given: Given) -> None:
    message = letter()
    message.set_content("Yes, by May.\nIda\n> When does it\n> ship?\n>\n> Bo\n>> > Last\n>> > time\n5 > 4 is true.\n")

    read = texts(given, message)[-5:]

    assert read == [
        "paragraph: Yes, by May.\nIda",
        "paragraph: When does it\nship?",
        "paragraph: Bo",
        "paragraph: Last\ntime",
        "paragraph: 5 > 4 is true.",
    ]


def test_a_mail_with_a_table_is_read_from_its_html(given: Given) -> None:
    message = letter()
    message.set_content("see html")
    message.add_alternative("<p>Hi</p><table><tr><th>A<th>B</tr><tr><td>1<td>2</tr></table>", subtype="html")
    assert shown(mail.parse(given("a.eml", message.as_bytes())).blocks)[2:] == [
        "paragraph: Hi", "table_header: A | B", "table_row: 1 | 2"
    ]  # fmt: skip


def test_a_mail_with_broken_headers_is_read(given: Given) -> None:
    content = (
        b'From: "a\nSubject: =?utf-8?q?broken\nDate: never\nContent-Type: text/plain; charset=nonsense\n\nBody text.\n'
    )
    parsed = mail.parse(given("a.eml", content))
    assert shown(parsed.blocks)[-1] == "paragraph: Body text."


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_mail_that_says_latin_1_is_read_as_what_it_is(given: Given, declared: str, encoding: str) -> None:
    text = "It’s 5 € – “at most”."
    content = f"Subject: a\nContent-Type: text/plain; charset={declared}\n\n".encode() + text.encode(encoding)
    assert shown(mail.parse(given("a.eml", content)).blocks)[-1] == f"paragraph: {text}"


@pytest.mark.parametrize("declared", ["undefined", "idna", "nonsense", '"utf-8\0"'])
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_mail_whose_encoding_is_no_use_is_read(given: Given, declared: str, subtype: str) -> None:
    content = f"Subject: a\nContent-Type: text/{subtype}; charset={declared}\n\nGröße {'x' * 70}".encode()
    assert shown(mail.parse(given("a.eml", content)).blocks)[-1] == f"paragraph: Größe {'x' * 70}"


def test_a_mail_that_is_nothing_but_a_file_holds_it(given: Given) -> None:
    message = letter()
    message.set_content(b"%PDF-1.7\n", maintype="application", subtype="pdf", filename="terms.pdf")
    parsed = mail.parse(given("a.eml", message.as_bytes()))
    assert [(member.name, member.n_bytes) for member in parsed.members] == [("terms.pdf", 9)]
    assert shown(parsed.blocks)[0] == "heading1: Rückgabe"


def test_a_mail_of_another_kind_is_told_of_where_it_cannot_be_read(given: Given) -> None:
    message = letter()
    message.set_content(b"\x30\x82\x00", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    parsed = mail.parse(given("a.eml", message.as_bytes()))
    assert parsed.members == ()
    assert "smime.p7m" in parsed.warnings[0]


@pytest.mark.parametrize(("subtype", "names"), [("plain", []), ("html", ["terms.html"])])
def test_text_alone_that_says_it_is_attached_is_read_once(given: Given, subtype: str, names: list[str]) -> None:
    headers = f"Content-Type: text/{subtype}\nContent-Disposition: attachment; filename=terms.html"
    content = f"{letter().as_string().rstrip()}\n{headers}\n\n<p>Thirty days.</p>\n"
    parsed = mail.parse(given("a.eml", content.encode()))
    assert [member.name for member in parsed.members] == names
    assert ("Thirty days" in shown(parsed.blocks)[-1]) is not bool(names)


def part(subtype: str, *parts: MIMEPart) -> EmailMessage:
    made = EmailMessage()
    made["Content-Type"] = f"multipart/{subtype}"
    for one in parts:
        made.attach(one)
    return made


def leaf(text: str, subtype: str = "plain", filename: str = "") -> EmailMessage:
    made = EmailMessage()
    made.set_content(text, subtype=subtype, **({"filename": filename, "disposition": "attachment"} if filename else {}))
    return made


def test_attachments_of_a_signed_mail_are_members(given: Given) -> None:
    inner = part("mixed", leaf("See attached."), leaf("# Terms", "markdown", "terms.md"))
    signature = EmailMessage()
    signature.set_content(b"\x30\x82\x00", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    parsed = mail.parse(given("a.eml", part("signed", inner, signature).as_bytes()))
    assert shown(parsed.blocks)[-1] == "paragraph: See attached."
    assert [member.name for member in parsed.members] == ["terms.md"]
    assert "smime.p7s" in parsed.warnings[0]


def test_parts_inside_parts_are_read_and_bodies_are_no_attachments(given: Given) -> None:
    picture = EmailMessage()
    picture.set_content(b"\x89PNG", maintype="image", subtype="png", disposition="inline", filename="logo.png")
    body = part("alternative", leaf("Hello."), part("related", leaf("<p>Hello.</p>", "html"), picture))
    inner = part("mixed", body, leaf("# Terms", "markdown", "terms.md"))
    parsed = mail.parse(given("a.eml", part("mixed", inner, leaf("Sent to the list.", "plain", "list.txt")).as_bytes()))
    assert [member.name for member in parsed.members] == ["terms.md", "list.txt"]
    assert parsed.warnings == ()


STUB = "Your mail program cannot show this message. Please open it in your browser."
ORDER = "<p>Dear customer,</p><p>The loom of order 5581 arrives on 9 July at gate 3. The driver is Matti Salo.</p>"


def texts(given: Given, message: EmailMessage) -> list[str]:
    return shown(mail.parse(given("a.eml", message.as_bytes())).blocks)


def test_html_that_says_more_than_its_plain_form_is_read(given: Given) -> None:
    assert texts(given, part("alternative", leaf(STUB), leaf(ORDER, "html"))) == [
        "paragraph: Dear customer,",
        "paragraph: The loom of order 5581 arrives on 9 July at gate 3. The driver is Matti Salo.",
    ]


def test_a_plain_form_that_says_the_same_is_read(given: Given) -> None:
    plain = leaf("Hello Bo,\n\nthe anvil *weighs* 80 kg.\n\n> How heavy is it?\n")
    html = leaf("<p>Hello Bo,</p><p>the anvil weighs 80 kg.</p><p>How heavy is it?</p><p>Sent by hand</p>", "html")
    assert texts(given, part("alternative", plain, html))[-1] == "paragraph: How heavy is it?"


def test_words_that_html_hides_do_not_speak_for_it(given: Given) -> None:
    html = leaf(f"<p>The anvil weighs 80 kg.</p><p hidden>{'Nobody sees any of these many words. ' * 9}</p>", "html")
    assert texts(given, part("alternative", leaf("The anvil weighs 80 kg."), html)) == [
        "paragraph: The anvil weighs 80 kg."
    ]


def test_further_texts_of_a_mail_are_read_in_their_order(given: Given) -> None:
    picture = EmailMessage()
    picture.set_content(b"\x89PNG", maintype="image", subtype="png", disposition="inline", filename="anvil.png")
    third = part("related", leaf("<p>Third: the forge opens at 07:15.</p>", "html"), picture)
    whole = part("mixed", leaf("First: 80 kg."), picture, leaf("Second: Ansgar."), third)
    parsed = mail.parse(given("a.eml", whole.as_bytes()))
    assert shown(parsed.blocks) == [
        "paragraph: First: 80 kg.",
        "paragraph: Second: Ansgar.",
        "paragraph: Third: the forge opens at 07:15.",
    ]
    assert parsed.members == ()
    assert [("anvil.png" in warning) for warning in parsed.warnings] == [True]


def test_a_text_with_a_name_inside_a_mail_is_a_document_of_its_own(given: Given) -> None:
    named = EmailMessage()
    named.set_content("Torque 40 Nm.", disposition="inline", filename="torque.txt")
    parsed = mail.parse(given("a.eml", part("mixed", leaf("See below."), named).as_bytes()))
    assert shown(parsed.blocks) == ["paragraph: See below."]
    assert [member.name for member in parsed.members] == ["torque.txt"]


@pytest.mark.parametrize(
    "header",
    [f"From: =?utf-8?q?a=0D=0Ab?= <a@example.com> {'x' * 90}", f"To: undisclosed-recipients:;{'((((' * 30}"],
)
def test_a_forwarded_mail_with_malformed_headers_costs_no_other(given: Given, header: str) -> None:
    inner = f"{header}\nSubject: Inner\n\nInner words.\n"
    outer = (
        "From: a@example.com\nSubject: Outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\n"
        f"Content-Type: text/plain\n\nOuter words.\n--X\nContent-Type: message/rfc822\n\n{inner}\n--X--\n"
    )
    file = given("a.eml", outer)
    parsed = mail.parse(file)
    assert shown(parsed.blocks)[-1] == "paragraph: Outer words."
    assert [member.name for member in parsed.members] == ["attachment-1.eml"]
    kept = mail.parse(replace(file, path=file.folder / "0"))
    assert shown(kept.blocks)[::2] == ["heading1: Inner", "paragraph: Inner words."]


def test_the_signature_of_a_mail_is_no_document(given: Given) -> None:
    message = letter()
    message.set_content("Hello.")
    message.make_mixed()
    message.add_attachment(b"-----BEGIN PGP SIGNATURE-----\n\niQEz\n", "application", "pgp-signature", filename="s.asc")
    parsed = mail.parse(given("a.eml", message.as_bytes()))
    assert (parsed.members, parsed.warnings) == (
        (),
        ("The attachment was not read: 's.asc' is the signature of the mail.",),
    )


def test_a_mail_that_does_not_say_where_its_parts_begin_is_read_as_one_text(given: Given) -> None:
    text = "Subject: Hours\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\nWe open at nine.\n"
    parsed = mail.parse(given("a.eml", text))
    assert shown(parsed.blocks) == ["heading1: Hours", "paragraph: We open at nine."]
    assert parsed.members == ()
