"""Questions that lead astray: mixed-up names, false presumptions, and conversations that drift.

Each has what its answer must say and what it must not; a refusal is right wherever nothing has to be said.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rag.ask.flow import ask
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.types import Question

LIBRARY = {
    "kestrel-5.md": """# Kestrel 5 router

The warranty of the Kestrel 5 lasts 24 months from the day of purchase.

To restart the Kestrel 5, press the reset button for 3 seconds. To erase all settings, hold it for 12 seconds.

The Kestrel 5 needs a power supply of 12 volts. It weighs 410 grams and is made in Lisbon.

The Kestrel 5 supports up to 60 devices. It has no port for a telephone.
""",
    "kestrel-7.md": """# Kestrel 7 router

The warranty of the Kestrel 7 lasts 36 months from the day of purchase.

To restart the Kestrel 7, press the reset button for 5 seconds. To erase all settings, hold it for 20 seconds.

The Kestrel 7 needs a power supply of 19 volts. It weighs 780 grams and is made in Porto.

The Kestrel 7 supports up to 120 devices and has two ports for telephones.
""",
    "otter.md": """# Otter camera

The Otter camera keeps clips for 7 days without a plan and for 30 days with Vault.

Its lamp is green while it records, and amber while it looks for the network.

The Otter camera works outdoors down to -20 degrees. The battery lasts about 4 months and can be replaced.

The Otter camera cannot be used with the Bramble hub.
""",
    "people.md": """# Who does what

Mara Lindqvist leads the returns desk. Her deputy is Tomas Okafor.

Ines Duarte leads the network team. Her deputy is Pavel Brandt.

The returns desk is open from Monday to Friday, 8 to 18. The network team works around the clock.
""",
    "returns.md": """# Returns

Customers may send a device back within 30 days of delivery. A device that was opened can be sent back within 14 days.

We pay for shipping when the device is faulty. In all other cases the customer pays.

Refunds are made within 5 working days after the device has arrived. Gift cards are not refunded.

Returns from Switzerland are not possible.
""",
    "outage.md": """# Outage of 4 March 2026

On 4 March 2026 the update service was down from 09:10 to 11:45. About 2,300 routers lost their settings.

The cause was a certificate that had run out. Ines Duarte wrote the report on 6 March 2026.
""",
    "print-shop.md": """# Print shop

Noor Haddad leads the print shop. It is open on Tuesday and Thursday, 9 to 16.

A poster costs 12 euros and is 90 centimetres long. The plotter weighs 85 kilograms.
""",
}


@dataclass(frozen=True)
class Case:
    """A question, after others, with words that its answer must hold (one of each tuple) and must not hold."""

    question: str
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


MIXED_UP = [
    Case("How long is the warranty of the Kestrel 5?", ("24 months",), ("36",)),
    Case("How long is the warranty of the Kestrel 7?", ("36 months",), ("24",)),
    Case("How long must I hold reset on the Kestrel 7 to erase all settings?", ("20 seconds",), ("12 seconds",)),
    Case("How long must I hold reset on the Kestrel 5 to erase all settings?", ("12 seconds",), ("20 seconds",)),
    Case("Where is the Kestrel 7 made?", ("Porto",), ("Lisbon",)),
    Case("How many volts does the Kestrel 7 need?", ("19",), ("12 volts",)),
    Case("How many devices does the Kestrel 5 support?", ("60",), ("120",)),
    Case("Who leads the network team?", ("Ines Duarte",), ("Mara",)),
    Case("Who leads the returns desk?", ("Mara Lindqvist",), ("Ines",)),
    Case("How long does the Otter camera keep clips with Vault?", ("30 days",)),
    Case("How long can an opened device be sent back?", ("14 days",)),
    Case("What does an amber lamp on the Otter camera mean?", ("looks for the network",)),
]
PRESUMED = [
    Case("How long is the warranty of the Kestrel 9?", never=("24", "36")),
    Case("What does the Kestrel 8 weigh?", never=("410", "780")),
    Case("Which error does HX-9000 stand for?", never=("amber", "certificate")),
    Case("Who leads the legal team?", never=("Mara", "Ines", "Pavel", "Tomas")),
    Case("Who is the deputy of Lena Schmidt?", never=("Tomas", "Pavel")),
    Case("How long were the mail servers down on 4 March 2026?", never=("mail",)),
    Case("What does express shipping to Japan cost?", never=("30 days", "14 days")),
    Case("How long does the Falcon drone fly on one battery?", never=("4 months",)),
    Case("What is the salary of Ines Duarte?", never=("report",)),
    Case("How much does the Otter camera cost per year?", never=("30 days", "7 days")),
    Case("Which colour is the Kestrel 5 sold in?", never=("green", "amber")),
    Case("When did Mara Lindqvist join the company?", never=("Monday", "6 March")),
    Case("How do I connect a printer to the Larkspur kettle?", never=("port",)),
    Case("Who painted the ceiling of the Sistine Chapel?", never=("Ines", "Mara")),
]
MEASURED = [
    Case("How heavy is the Kestrel 5?", ("410 grams",), ("780", "12 volts")),
    Case("How heavy is the Kestrel 7?", ("780 grams",), ("410", "19 volts")),
    Case("How heavy is the plotter?", ("85 kilograms",), ("12 euros",)),
    Case("How heavy is a poster?", never=("85", "12 euros", "90", "410", "780")),
    Case("How heavy is the Otter camera?", never=("410", "780", "85", "-20", "30 days")),
    Case("How expensive is a poster?", ("12 euros",), ("85",)),
    Case("How expensive is the plotter?", never=("85", "12 euros")),
    Case("How tall is the Kestrel 5?", never=("410", "24 months", "60")),
]
BESIDE = [
    Case("Who is the deputy of Mara Lindqvist?", ("Tomas Okafor",), ("Pavel", "Ines")),
    Case("Who is the deputy of Ines Duarte?", ("Pavel Brandt",), ("Tomas", "Mara")),
    Case("Who is the deputy head of the network team?", ("Pavel Brandt",), ("Tomas",)),
    Case("Who is the deputy of Noor Haddad?", never=("Noor", "Tomas", "Pavel")),
    Case("Who is the deputy of the print shop?", never=("Noor", "Tomas", "Pavel")),
    Case("Who is Noor Haddad's assistant?", never=("Noor", "Tomas", "Pavel")),
]
DATED = [
    Case("How long was the outage of 5 April 2026?", never=("09:10", "11:45")),
    Case("What caused the outage of 5 April 2026?", never=("certificate", "09:10")),
    Case("What caused the outage of 4 March 2025?", never=("certificate", "09:10")),
    Case("How many routers lost their settings on 9 May 2026?", never=("2,300",)),
    Case("How many routers lost their settings on 4 March 2026?", ("2,300",)),
    Case("Who wrote the report on the outage of 4 March 2026?", ("Ines Duarte",)),
]
DRIFTING = [
    Case("And of the Kestrel 7?", ("36 months",), ("24 months",), ("How long is the warranty of the Kestrel 5?",)),
    Case("Where is it made?", ("Lisbon",), ("Porto",), ("How heavy is the Kestrel 5?",)),
    Case(
        "Who leads the returns desk?", ("Mara",), ("Ines",), ("What is the Kestrel 5?", "Who leads the network team?")
    ),
    Case(
        "How long is the battery life of the Otter camera?",
        ("4 months",),
        ("24",),
        ("What is the warranty of the Kestrel 5?",),
    ),
    Case("What was the cause?", ("certificate",), (), ("When was the outage of 4 March 2026?",)),
    Case("How many routers lost their settings?", ("2,300",), (), ("When was the update service down?",)),
    Case(
        "Who pays for shipping of a faulty device?",
        ("We pay",),
        (),
    ),
    Case("And the Falcon drone?", (), ("24", "36", "410"), ("How long is the warranty of the Kestrel 5?",)),
    Case(
        "Does it have a port for a telephone?",
        ("no port",),
        ("two ports",),
        ("How many devices does the Kestrel 5 support?",),
    ),
]


@pytest.fixture(scope="module")
def space(workspace, tmp_path_factory):
    """A space with the whole library."""
    folder = tmp_path_factory.mktemp("library")
    for name, text in LIBRARY.items():
        (folder / name).write_text(text, encoding="utf-8")
    workspace.catalog.create_space("library")
    ingest(find_files([folder]), workspace, space="library")
    return "library"


@pytest.mark.parametrize(
    "case", [*MIXED_UP, *PRESUMED, *MEASURED, *BESIDE, *DATED, *DRIFTING], ids=lambda case: case.question
)
def test_an_answer_says_what_it_must_and_nothing_else(case, space, workspace):
    answer = ask(Question(case.question, space, case.history), workspace)
    told = " ".join(statement.text for statement in answer.verdict.statements)
    for words in case.says:
        assert words in told, (answer.verdict.outcome, answer.verdict.reason, told)
    for words in case.never:
        assert words not in told, (answer.verdict.confidence.probability, told)
    for statement in answer.verdict.statements:
        assert statement.citations
        for citation in statement.citations:
            version = workspace.catalog.text(citation.document_id, citation.version)
            assert version.text[citation.start : citation.end] == citation.quote
    assert answer.verdict.statements or answer.message
