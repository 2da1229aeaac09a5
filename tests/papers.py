"""Documents for tests: a PDF is written by hand, page by page, as small as it can be."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

PACKET = (
    (
        "Riverside Learners: Informational Packet",
        "Time commitment",
        "Each convening takes about two hours on a Thursday morning, and coaching",
        "takes up to 2 hours per month. Prep work is woven into what you do anyway.",
        "Getting there",
        "Parking is free behind the library, and the number 70 bus stops at the door.",
        "Snacks are served from nine o'clock; tell us about allergies beforehand.",
        "Riverside Learners 2020 | 1",
    ),
    (
        "Riverside Learners: Informational Packet",
        "The application",
        "We ask for the names of the one or two people who will take part, and for a",
        "letter of support from your director of at most one page.",
        "Riverside Learners 2020 | 2",
    ),
    (
        "Riverside Learners: Informational Packet",
        "Scholarships",
        "A travel scholarship of up to $150 is paid to organizations from more than",
        "fifty miles away. Ask for it before November 1, 2020.",
        "Riverside Learners 2020 | 3",
    ),
)
"""Three pages with a running head and foot."""
PARKING = "Parking is free behind the library, and the number 70 bus stops at the door."
SCHOLARSHIP = "A travel scholarship of up to $150 is paid to organizations from more than fifty miles away."


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF with these lines on its pages; a page without any has a grey picture instead."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    objects.append(
        _stream(b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
    )
    kids = []
    for lines in pages:
        drawn = _text(lines) if lines else b"q 600 0 0 780 0 0 cm /Im Do Q"
        objects.append(_stream(drawn))
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {len(objects)} 0 R"
        objects.append(f"{page}/Resources<</Font<</F 3 0 R>>/XObject<</Im 4 0 R>>>>>>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return _file(objects)


def packet() -> bytes:
    """The packet of three pages as a PDF."""
    return pdf(*PACKET)


def locked(data: bytes, *, opens: bool = False) -> bytes:
    """The same PDF, encrypted; `opens` means without a password, so that it is only protected from being changed."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("" if opens else "secret", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked_better(data: bytes) -> bytes:
    """The same PDF, said to be encrypted in a newer way, for which more than plain Python is needed."""
    newer = b"/Filter /Standard /CF <</StdCF <</CFM /AESV2 /Length 16>>>> /StmF /StdCF /StrF /StdCF"
    found = locked(data, opens=True).replace(b"/V 2", b"/V 4").replace(b"/R 3", b"/R 4")
    return found.replace(b"/Filter /Standard", newer)


def _text(lines: Sequence[str]) -> bytes:
    shown = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    return ("BT /F 11 Tf 14 TL 72 720 Td " + " ".join(f"({line}) Tj T*" for line in shown) + " ET").encode("cp1252")


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s endobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
