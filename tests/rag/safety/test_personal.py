"""Personal data is found to the letter, and what only looks like it is left alone."""

from __future__ import annotations

import pytest

from rag.safety.personal import find_personal, mask, mask_record

FOUND = [
    ("EMAIL_ADDRESS", "Write to [anna (at) example.org]."),
    ("EMAIL_ADDRESS", "[anna.berg {at} mail {dot} example {dot} org] is hers"),
    ("EMAIL_ADDRESS", "[info(at)example(punkt)de]"),
    ("EMAIL_ADDRESS", "[anna\uff20example.org]"),
    ("US_SSN", "It is [123–45–6789]."),
    ("EMAIL_ADDRESS", "Write to [ann.berg+shop@mail.example.co.uk]."),
    ("PHONE_NUMBER", "Call [(555) 010-4477] today."),
    ("PHONE_NUMBER", "You can call [33 93 31]"),
    ("PHONE_NUMBER", "From abroad: [+49 30 901820]."),
    ("PHONE_NUMBER", "[061 2231 5544] office"),
    ("CREDIT_CARD", "My card [4111 1111 1111 1111] was declined."),
    ("IBAN_CODE", "Pay to [DE89 3704 0044 0532 0130 00] please"),
    ("US_SSN", "ssn: [536-90-4399]"),
    ("IP_ADDRESS", "Blocked: [203.0.113.9]."),
    ("IP_ADDRESS", "It is [2001:db8::8a2e:370:7334] now"),
    ("URL", "See [https://example.com/a?b=1]."),
    ("CREDIT_CARD", "[4111 1111 1111 1111] 12/27"),
    ("CREDIT_CARD", "It is [4111 1111 1111 1111] 123."),
    ("CREDIT_CARD", "It is [4111-1111-1111-1111]-123."),
    ("CREDIT_CARD", "[4111\u00a01111\u00a01111\u00a01111]"),
    ("CREDIT_CARD", "[4111\u20111111\u20111111\u20111111]"),
    ("PHONE_NUMBER", "Ask us ([+49 30 1234567])."),
    ("PHONE_NUMBER", "Ask us ([555-123-4567])."),
    ("PHONE_NUMBER", "[(+49) 30 1234567]"),
    ("PHONE_NUMBER", "Tel. [030/1234567]"),
    ("PHONE_NUMBER", "[+49 30/1234567]"),
    ("PHONE_NUMBER", "Mobil: [0170 1234567]"),
    ("PHONE_NUMBER", "Handy [0170 1234567]"),
    ("PHONE_NUMBER", "[+49\u00a030\u202f1234567]"),
    ("PHONE_NUMBER", "[555\u2011123\u20114567]"),
    ("EMAIL_ADDRESS", "_[anna@example.com]_"),
    ("EMAIL_ADDRESS", "see...[anna@example.com]"),
    ("EMAIL_ADDRESS", "[anna@example.com]-we"),
    ("EMAIL_ADDRESS", "[info@example.xn--p1ai]"),
    ("EMAIL_ADDRESS", "'[o'brien@example.com]'"),
    ("EMAIL_ADDRESS", "[_anna@example.com] is hers"),
    ("EMAIL_ADDRESS", "See https://example.com/reset?user=[ann%2Bshop%40example.com]&x=1."),
    ("IBAN_CODE", "[DE89-3704-0044-0532-0130-00]"),
    ("IBAN_CODE", "Ref AB12 [DE89 3704 0044 0532 0130 00] please"),
    ("IBAN_CODE", "[DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000]"),
    ("IBAN_CODE", "To [DE89.3704.0044.0532.0130.00]."),
    ("IBAN_CODE", "To [DE 89 3704 0044 0532 0130 00], please."),
    ("IBAN_CODE", "To [gb-82-WEST-1234-5698-7654-32]."),
    ("IBAN_CODE", "Pay to [BE68 5390 0754 7034] please"),
    ("CREDIT_CARD", "Card [4111.1111.1111.1111]."),
    ("CREDIT_CARD", "Card [4111–1111–1111–1111]"),
    ("CREDIT_CARD", "Visa card [4006381000093]"),
    ("CREDIT_CARD", "Diners [3600 000000 0081]"),
    ("CREDIT_CARD", "Amex [3782 822463 10005]"),
    ("CREDIT_CARD", "Mastercard [2223 0031 2200 3222]"),
    ("CREDIT_CARD", "UnionPay [6200 0000 0000 0005]"),
    ("CREDIT_CARD", "Order number: [4111 1111 1111 1111]"),
    ("US_SSN", "My SSN is [123 45 6789]."),
    ("US_SSN", "My social is [123 45 6789]."),
    ("US_SSN", "[123 45 6789] (SSN)"),
    ("EMAIL_ADDRESS", 'From ["john doe"@example.com] today'),
]
OTHER = [
    "The fee (at) 5.5 percent, room (at) Bremen, files [at] rest.",
    "Open 9–12 and 14–18, in 2019–2024, 100–200 of 1000–2000.",
    "The order 4111 1111 1111 1112 is late.",
    "DE89 3704 0044 0532 0130 01",
    "Version 10.0.19041.1 is installed.",
    "It costs 1,299.00 or 33 93 31 points.",
    "On 2026-03-04 it was 12.04.2026.",
    "Part 061 2231 5544 fits.",
    "The ratio is 3:4:5 at 10:30:15.",
    "000-12-3456 and 987-65-4320 are none.",
    "Use x@y or user@localhost.",
    "Started at 20111105-030002-251 and 10/12/2026.",
    "Call on 10/12/2026, or in 01/2026.",
    "Versions 10.0.19041.1-10.0.19041.9 are installed.",
    "Read a/b/030/1234567 (1234567).",
    "Section 4.2.1.3 and [§4.2.1.4] are long.",
    "The mask is 255.255.255.0.",
    "dead::beef and abc::def and [Flag]::A are names.",
    "SKU 123-45-6789 and 123 45 6789 are none.",
    "It has EAN 4006381000093, or only 4006381000093.",
    "Clone git@github.com:a/b.git, see user@2x.png.",
    "Version '2.8.5.201' is needed.",
    "4111.111.111.111.111 and 4111.1111–1111.1111 are none.",
    "The IMEI 356938035643809 is blocked.",
    "Open 127.0.0.1:8080 on the same machine.",
    "Revenue in 2023 2024 2025 2026 rose.",
]


@pytest.mark.parametrize(("kind", "marked"), FOUND)
def test_a_find_is_exact(kind, marked):
    start, end = marked.index("["), marked.index("]") - 1
    (found,) = find_personal(marked.replace("[", "").replace("]", ""))
    assert (found.kind, found.start, found.end) == (kind, start, end)


@pytest.mark.parametrize("text", OTHER)
def test_what_only_looks_like_it_is_left_alone(text):
    assert find_personal(text) == ()


def test_masking_says_what_stood_there_and_leaves_links():
    text = "Ann Berg (ann@example.com, +49 30 901820) opened https://example.com."
    assert mask(text) == "Ann Berg ([e-mail], [phone number]) opened https://example.com."
    assert mask(text, kinds={"PERSON", "URL"}, names=["Ann", "Ann Berg"]) == (
        "[name] (ann@example.com, +49 30 901820) opened [link]."
    )


def test_masking_twice_changes_nothing_more():
    once = mask("Call +49 30 901820 or write to a@example.com.")
    assert mask(once) == once


def test_of_a_record_the_words_are_masked_and_the_rest_stays():
    record = {
        "receipt": "a4111111111111111",
        "question": "Is a@example.com Ann's?",
        "statements": [
            {"text": "Call +49 30 901820.", "support": 1.0, "citations": [{"quote": "+49 30 901820", "n": 1}]}
        ],
        "asked_at": "2026-01-02T03:04:05",
    }
    assert mask_record(record) == {
        "receipt": "a4111111111111111",
        "question": "Is [e-mail] Ann's?",
        "statements": [
            {"text": "Call [phone number].", "support": 1.0, "citations": [{"quote": "[phone number]", "n": 1}]}
        ],
        "asked_at": "2026-01-02T03:04:05",
    }


def test_what_was_cut_repaired_weighed_and_offered_is_masked_too():
    mail = "ann@example.com"
    record = {
        "cut": [{"text": f"Ask {mail}.", "support": 0.0, "reason": f"“{mail}” is not in the sources"}],
        "statements": [{"text": "Ask.", "repaired_from": f"Ask {mail}."}],
        "candidates": [{"answer": f"Ask {mail}.", "why": f"It says {mail}."}],
        "missing": [f"who is {mail}?"],
        "readings": [f"What does “{mail}” say?"],
        "standings": [{"title": mail, "set_back": f"{mail} replaces it"}],
    }
    assert mail not in str(mask_record(record))


def test_both_ends_of_a_range_of_addresses_are_found():
    assert mask("Block 192.168.1.10-192.168.1.20.") == "Block [IP address]-[IP address]."


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "0123/",
        "+49 30/",
        "(+49)",
        "(",
        "a'a.",
        "a@",
        "%2B",
        "a%40",
        "a@b.xn--",
        "..",
        "_",
        "ab12-",
        "4111 ",
        "1.2.3.4-",
        '"',
        "DE89.3704.",
    ],
)
def test_a_text_that_nearly_holds_something_many_times_costs_little_time(piece):
    find_personal(piece * 20_000)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("behind", ["a ends", "_", "/2", ",5 kg"])
def test_a_long_run_of_digits_that_is_no_number_costs_no_time(behind):
    text = f"Serial {'1' * 300}{behind}"
    assert mask(text) == text


def test_what_was_read_off_a_question_that_held_something_is_left_out():
    read = {"terms": ["49", "170", "1234567"], "codes": ["192.168.10.20"], "language": "en"}
    record = {"query": {"original": "Is 192.168.10.20 Ann's, call +49 170 1234567?", **read}}
    masked = mask_record(record)["query"]
    assert (masked["terms"], masked["codes"], masked["language"]) == ([], [], "en")
    plain = {"query": {"original": "What does HX-2104 mean?", "codes": ["HX-2104"]}}
    assert mask_record(plain) == plain


def test_pieces_that_the_documents_say_nothing_of_are_left_out():
    record = {
        "question": "Who has +49 170 1234567?",
        "missing": ["1234567"],
        "message": "The documents say nothing of “1234567”. Ask it in other words.",
    }
    masked = mask_record(record)
    assert masked["missing"] == []
    assert masked["message"] == "The documents say nothing of “…”. Ask it in other words."
    plain = {"question": "Who won?", "missing": ["won"], "message": "The documents say nothing of “won”."}
    assert mask_record(plain) == plain
