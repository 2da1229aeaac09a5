"""Documents in words: where a quotation stands, and why one cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import documents as rules
from bot.domain.documents import Passage, Read, Trouble, Unread
from bot.domain.programs import Document
from bot.views.blocks import marked
from bot.views.words import ENGLISH, Words


def source(passage: Passage, words: Words = ENGLISH) -> str:
    """Where a passage stands, as plain text: the title, and the page if there are pages."""
    title = passage.document.title
    where = title if passage.page is None else words.page.format(title=title, page=passage.page)
    return marked(words.source.format(source=where), passage.document.sample, words.sample)


def read(found: Read) -> str:
    """What was read of a document, for a terminal."""
    if not found.pages:
        return found.document.title
    pages = "1 page" if found.pages == 1 else f"{found.pages} pages"
    without = f", {found.wordless} without words" if found.wordless else ""
    return f"{found.document.title} ({pages}{without})"


def trouble(found: Unread) -> str:
    """Why nothing can be quoted from a document, by its name, and whether what was read earlier still is."""
    why = _WHY[found.why].format(path=found.document.path)
    still = " What was read of it earlier can still be quoted." if found.kept else ""
    return f"“{found.document.title}” could not be read: {why}{still}"


def why(document: Document, trouble: Trouble) -> str:
    """The same without its name."""
    return f"It could not be read: {_WHY[trouble].format(path=document.path)}"


def todo(found: Unread) -> str:
    """What to do about it."""
    if found.document.dropped is not None:
        return "Drop the file into the facilitators' channel again, and let it replace this document."
    return _REMEDIES[found.why]


_MEGABYTES = rules.MOST_BYTES // 1_000_000
_WHY: Mapping[Trouble, str] = {
    "missing": "{path} is not there.",
    "outside": "{path} leads out of the program file's folder.",
    "no file": "{path} is no file.",
    "forbidden": "{path} may not be opened.",
    "too large": f"{{path}} is larger than {_MEGABYTES} MB.",
    "too many pages": f"{{path}} has more than {rules.MOST_PAGES} pages.",
    "too much text": f"{{path}} holds more than {rules.MOST_CHARACTERS:,} characters.",
    "not text": "{path} is neither a PDF nor a text file in UTF-8.",
    "not a PDF": "{path} is called a PDF and is none.",
    "encrypted": "{path} is encrypted, so that it is locked or may not be copied.",
    "no words": "{path} has no text in it, only pictures of pages, as a scanner makes them.",
    "empty": "{path} is empty.",
    "corrupt": "{path} is damaged.",
    "slow": f"{{path}} takes longer than {rules.SECONDS} seconds.",
    "not read": "its program was not loaded from its file since.",
}
_REMEDIES: Mapping[Trouble, str] = {
    "missing": "Put it beside the program file, or in a folder there, and load the program file again.",
    "outside": "Put it beside the program file, or in a folder there, and load the program file again.",
    "no file": "Name the document itself in the program file, and load that again.",
    "forbidden": "Allow it to be read, and load the program file again.",
    "too large": "Save a smaller copy, for example without pictures, and load the program file again.",
    "too many pages": "Save the pages that matter as a document of their own, and load the program file again.",
    "too much text": "Save the pages that matter as a document of their own, and load the program file again.",
    "not text": "Save it as PDF, and load the program file again.",
    "not a PDF": "Save it as PDF once more, and load the program file again.",
    "encrypted": "Save a copy without password and restrictions, and load the program file again.",
    "no words": "Have its text recognized (OCR), or type it into a text file, and load the program file again.",
    "empty": "Write something into it, and load the program file again.",
    "corrupt": "Save it once more where it was made, and load the program file again.",
    "slow": "Save it once more as PDF, or as a text file, and load the program file again.",
    "not read": "Run: convene program load FILE",
}
