"""Plain text: what is a heading in it, and in which encoding it was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.ingest.parsers import plain
from rag.ingest.parsers.parsed import ParserInput

_CENTRAL = (
    "Zwrot jest możliwy w ciągu trzydziestu dni. Proszę zadzwonić, żeby uzyskać więcej informacji; części wysyłamy.",
    "Zboží můžete vrátit do třiceti dnů. Zavolejte prosím, abyste získali více informací; díly posíláme do týdne.",
    "A terméket harminc napon belül lehet visszaküldeni, időszűkében is; kérjük, hívja ügyfélszolgálatunkat előbb.",
)
_WESTERN = (
    "È possibile restituirlo entro trenta giorni perché c'è una garanzia. Così può chiamare più tardi, già lunedì.",
    "Voit palauttaa tuotteen kolmenkymmenen päivän kuluessa. Soita meille, niin kerromme lisää. Tšekki ja žanr.",
    "¿Cómo configuro el año? ¿Quién pagó el envío? El señor que compró un m³ y el otro m³.",
    "As informações estão à disposição. Limões e opções são dois.",
)

Given = Callable[..., ParserInput]


@pytest.mark.parametrize("sign", "=-~*#_")
def test_a_line_between_two_rules_is_a_heading(given: Given, sign: str) -> None:
    rule = sign * 9
    text = f"{rule}\n{sign} Returns {sign}\n{rule}\nWithin 30 days.\n\n{rule}\n{sign}\n{rule}\n"
    heading, paragraph, *_ = plain.parse(given("a.txt", text)).blocks
    assert (heading.kind, heading.level, heading.text) == ("heading", 1 if sign == "=" else 2, "Returns")
    assert (paragraph.kind, paragraph.text) == ("paragraph", "Within 30 days.")


def test_a_line_in_capitals_between_blank_ones_is_a_heading(given: Given) -> None:
    text = (
        "HARBOUR RULES\n\nPlease read.\n\nIF THE ALARM GOES OFF BY MISTAKE\n\n1. Stay in the hall.\n2. Ring us.\n\n"
        "PRICES 2026\n\nBerth          42\nCrane          80\n\nTENSIONING THE CHAIN\nOnly with a cold chain.\n\n"
        "AFTER WORK\n- empty the cover\n- oil the chain\n\nWHEN IT HAS SNOWED (early shift)\n\nBe here by 05:30."
    )
    blocks = plain.parse(given("a.txt", text)).blocks
    assert [block.text for block in blocks if block.kind == "heading"] == [
        "HARBOUR RULES", "IF THE ALARM GOES OFF BY MISTAKE", "PRICES 2026", "TENSIONING THE CHAIN", "AFTER WORK",
        "WHEN IT HAS SNOWED (early shift)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "GB29 NWBK 6016 1331 9268 19\n\nis our account.",
        "HX-3209\n\nis the code.",
        "DO NOT OPEN THE DOOR.\n\nIt is hot.",
        "WE ARE CLOSED\n\nON MONDAYS\n\nAND HOLIDAYS",
        "ACME LTD\n12 High Street\n\nDear sirs",
        "- ITEM\n\nText.",
        "The end.\n\nTHE END",
    ],
)
def test_other_capitals_are_no_heading(given: Given, text: str) -> None:
    assert not [block for block in plain.parse(given("a.txt", text)).blocks if block.kind == "heading"]


def test_steps_in_words_and_boxes_to_tick_are_items(given: Given) -> None:
    text = (
        "Descaling the brewer takes an hour and should be done every four weeks.\n\n"
        "Step 1: Dissolve both sachets in two litres of lukewarm\n        water.\n"
        "Step 2: Pour it into the tank and put an empty filter\n        in place.\n\n"
        "[ ] gloves\n[x] goggles\n- [ ] sign"
    )
    items = [block.text for block in plain.parse(given("a.txt", text)).blocks if block.kind == "list_item"]
    assert items == [
        "Step 1: Dissolve both sachets in two litres of lukewarm water.",
        "Step 2: Pour it into the tank and put an empty filter in place.",
        "gloves", "[x] goggles", "sign",
    ]  # fmt: skip


@pytest.mark.parametrize("text", _CENTRAL)
def test_text_of_central_europe_is_read(text: str) -> None:
    assert plain.decode(text.encode("cp1250"), "a.txt")[0] == text


@pytest.mark.parametrize("text", _WESTERN)
def test_western_text_is_not_taken_for_another(text: str) -> None:
    assert plain.decode(text.encode("cp1252"), "a.txt")[0] == text


@pytest.mark.timeout(30)
def test_a_long_log_without_an_empty_line_is_read_in_time(given: Given) -> None:
    log = "2026-06-08 10:00:00 worker 7 has finished\n" * 100_000
    (block,) = plain.parse(given("worker.log", log.encode())).blocks
    assert block.text.count("\n") == 99_999
