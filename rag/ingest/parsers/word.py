"""Word (DOCX) through mammoth, whose HTML keeps headings, lists, tables, notes, comments and text boxes."""

from __future__ import annotations

import mammoth

from rag.ingest.parsers.elements import Element, blocks_of, parse_html
from rag.ingest.parsers.hidden import hidden_warning, limited
from rag.ingest.parsers.package import core_properties, open_package, package_warnings
from rag.ingest.parsers.parsed import Parsed, ParserInput, first_heading, pairs
from rag.ingest.parsers.word_numbers import take_numbers
from rag.ingest.parsers.word_parts import ready_for_mammoth
from rag.types import RawBlock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Heading 7'] => h6:fresh
p[style-name='Heading 8'] => h6:fresh
p[style-name='Heading 9'] => h6:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='Code'] => pre:separator('\\n')
comment-reference => sup
"""


def parse(file: ParserInput) -> Parsed:
    """Return the text of a Word document; headers and footers of its pages are left out."""
    with open_package(file) as package:
        metadata = core_properties(package)
        warnings = package_warnings(package)
        content, hidden, numbers = ready_for_mammoth(package)
    with content as stream:
        converted = mammoth.convert_to_html(
            stream,
            style_map=_STYLES,
            convert_image=_no_image,
            # The library follows one in the file, which could leave out what Word shows.
            include_embedded_style_map=False,
            external_file_access=False,
        )
    root = parse_html(converted.value)
    blocks: tuple[RawBlock, ...] = ()
    if root is not None:
        _drop_marks(root)
        _write_boxes(root)
        take_numbers(root, numbers)
        blocks = tuple(blocks_of(root))
    return Parsed(
        media_type=MEDIA_TYPE,
        title=metadata.get("title", "") or first_heading(blocks),
        blocks=(*blocks, *limited(hidden)),
        metadata=pairs(metadata),
        warnings=(*warnings, *hidden_warning(hidden)),
    )


@mammoth.images.img_element  # type: ignore[untyped-decorator]  # mammoth ships no types
def _no_image(_image: object) -> dict[str, str]:
    return {"src": ""}


def _drop_marks(root: Element) -> None:
    # The arrows back from notes, and the marks of comments inside sentences.
    for link in list(root.iter("a")):
        target, own = link.get("href") or "", link.get("id") or ""
        if "note-ref-" in target or "comment-ref-" in target or "comment-ref-" in own:
            link.drop_tree()
    for label in list(root.iter("dt")):
        comment = label.getnext()
        if (label.get("id") or "").startswith("comment-") and comment is not None:
            comment.set("id", label.get("id"))
            first = comment[0] if len(comment) else comment
            first.text = f"Comment: {first.text or ''}"
            label.drop_tree()


def _write_boxes(root: Element) -> None:
    # What a form has boxes for, it says by them; a web page only asks.
    for box in list(root.iter("input")):
        box.text = "☐ " if box.get("checked") is None else "☒ "
        box.tag = "span"
