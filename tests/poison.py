"""Files made to do harm: 40 kinds, each with the code that refuses it.

A generator gives the bytes; nothing dangerous lies in the repository. Sizes are such that a
reader without limits would be hurt.
"""

from __future__ import annotations

import gzip
import json
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

MEGABYTE = 1_000_000
HEADER = "case_id,specialty,left_on,days,cost,died"
ROW = "A1,CARD,2026-02-03,3,10.50,no"
LINE = '{"case_id":"A1","specialty":"CARD","left_on":"2026-02-03","days":3,"cost":1.5,"died":false}'
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Poison:
    """One kind of harmful file.

    Args:
        codes: with any of these it may be refused.
        is_quick: small and fast enough for every run.
    """

    name: str
    filename: str
    make: Callable[[], bytes]
    codes: frozenset[str]
    is_quick: bool = True


def csv(*rows: bytes) -> bytes:
    return b"\n".join([HEADER.encode(), ROW.encode(), *rows, b""])


@cache
def workbook() -> bytes:
    book = Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(ROW.split(","))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(parts: dict[str, bytes], edit: Callable[[bytes], bytes] | None = None) -> bytes:
    """Add parts to a good workbook, or edit its sheet."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, edit(part) if edit and name == SHEET else part)
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


def sheet_with(before: bytes, after: bytes) -> bytes:
    return repacked({}, lambda part: part.replace(before, after, 1))


def hidden_sheet() -> bytes:
    book = Workbook()
    book.active.append(HEADER.split(","))
    book.create_sheet("other").sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def encrypted_zip() -> bytes:
    content = bytearray(workbook())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def zip_with_symlink() -> bytes:
    stream = BytesIO()
    link = zipfile.ZipInfo("xl/workbook.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


def parquet(table: pa.Table) -> bytes:
    stream = BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def parquet_bomb() -> bytes:
    return parquet(pa.table({"case_id": pa.array(["x" * 1_000]).take([0] * 600_000)}))


def lying_parquet() -> bytes:
    """A footer that promises two gigabytes of itself."""
    return b"PAR1" + b"\0" * 100 + struct.pack("<I", 2**31 - 1) + b"PAR1"


def gzip_of(content: bytes) -> bytes:
    return gzip.compress(content, 9)


def many(text: bytes, times: int) -> bytes:
    return text * times


def poison(name: str, filename: str, make: Callable[[], bytes], *codes: str) -> Poison:
    return Poison(name, filename, make, frozenset(codes))


def slow(name: str, filename: str, make: Callable[[], bytes], *codes: str) -> Poison:
    return Poison(name, filename, make, frozenset(codes), is_quick=False)


POISON = (
    slow("gzip bomb", "a.csv.gz", lambda: gzip_of(csv(many(b"x" * 1_000 + b",y\n", 400_000))),
         "zip-bomb"),
    slow("gzip bomb of zeros", "a.csv.gz", lambda: gzip_of(bytes(500 * MEGABYTE)),
         "row-too-long", "zip-bomb", "nul-byte"),
    poison("gzip in gzip", "a.csv.gz", lambda: gzip_of(gzip_of(csv())), "not-what-it-says"),
    poison("gzip cut off", "a.csv.gz", lambda: gzip_of(csv())[:-12], "unreadable"),
    poison("gzip of a workbook", "a.csv.gz", lambda: gzip_of(workbook()), "not-what-it-says"),
    slow("zip bomb", "a.xlsx", lambda: repacked({"xl/a.xml": bytes(300 * MEGABYTE)}), "zip-bomb"),
    slow("zip of 2,000 parts", "a.xlsx",
         lambda: repacked({f"xl/p{n}.xml": b"<a/>" for n in range(2_000)}), "too-large"),
    poison("zip in zip", "a.xlsx", lambda: repacked({"xl/embeddings/a.xlsx": workbook()}),
           "embedded-object"),
    poison("zip with a symbolic link", "a.xlsx", zip_with_symlink, "unreadable"),
    poison("encrypted zip", "a.xlsx", encrypted_zip, "encrypted"),
    poison("encrypted workbook", "a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
           "encrypted"),
    poison("macros", "a.xlsx", lambda: repacked({"xl/vbaProject.bin": b"x"}), "macros"),
    poison("macro workbook by name", "a.xlsm", workbook, "macros"),
    poison("external link", "a.xlsx",
           lambda: repacked({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "external-link"),
    poison("document type with entities", "a.xlsx",
           lambda: sheet_with(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'), "dtd"),
    poison("formula", "a.xlsx", lambda: sheet_with(b"</sheetData>",
                              b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row></sheetData>'),
           "formula"),
    poison("error cell", "a.xlsx",
           lambda: sheet_with(b"</sheetData>",
                              b'<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row></sheetData>'),
           "error-value"),
    poison("hidden sheet", "a.xlsx", hidden_sheet, "hidden-sheet"),
    poison("one cell at the end of the sheet", "a.xlsx",
           lambda: sheet_with(b"</sheetData>",
                              b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
           "too-many-cells"),
    poison("picture", "a.xlsx", lambda: repacked({"xl/media/image1.png": b"\x89PNG"}),
           "embedded-object"),
    slow("cell of 100 MB", "a.csv", lambda: csv(b"A2," + b"x" * (100 * MEGABYTE)), "row-too-long"),
    slow("a million columns", "a.csv", lambda: b",".join([b"c"] * MEGABYTE) + b"\n",
         "too-many-columns", "row-too-long"),
    poison("NUL", "a.csv", lambda: csv(b"A\0" + ROW.encode()), "nul-byte"),
    poison("quote never closed", "a.csv", lambda: csv(b'"A2,CARD'), "open-quote"),
    slow("quote open over 20 MB", "a.csv", lambda: csv(b'"' + many(b"a,b\n", 5_000_000)),
         "row-too-long"),
    poison("carriage returns alone", "a.csv", lambda: csv(ROW.encode() + b"\r" + ROW.encode()),
           "bad-line-end"),
    poison("UTF-16 without a mark", "a.csv", lambda: csv().decode().encode("utf-16-le"),
           "nul-byte"),
    poison("two encodings", "a.csv", lambda: csv("é".encode(), b"\xe9"), "bad-encoding"),
    poison("overlong UTF-8", "a.csv", lambda: csv(b"\xc0\xaf"), "bad-encoding"),
    poison("deep JSON", "a.json", lambda: b"[" * MEGABYTE, "nested-value", "bad-json"),
    poison("deep JSON in a line", "a.ndjson", lambda: b'{"a":' * 100_000, "nested-value",
           "bad-json"),
    poison("integer of 500,000 digits", "a.ndjson",
           lambda: LINE.replace('"days":3', '"days":' + "9" * 500_000).encode(),
           "cell-too-long", "wrong-type"),
    poison("name twice in an object", "a.ndjson",
           lambda: LINE.replace("{", '{"days":1,', 1).encode(), "duplicate-name"),
    slow("100,000 names", "a.ndjson",
         lambda: b"\n".join(json.dumps({f"c{n}": 1}).encode() for n in range(100_000)),
         "too-many-columns"),
    poison("half a character", "a.ndjson", lambda: LINE.replace("CARD", "\\ud800").encode(),
           "bad-encoding"),
    poison("encrypted Parquet", "a.parquet", lambda: b"PARE" + bytes(100) + b"PARE", "encrypted"),
    poison("Parquet with a lying footer", "a.parquet", lying_parquet, "unreadable"),
    slow("Parquet bomb", "a.parquet", parquet_bomb, "too-large", "wrong-type"),
    poison("nested Parquet", "a.parquet", lambda: parquet(pa.table({"a": [[1]]})), "column-kind"),
    poison("noise", "a.csv", lambda: random.Random(1).randbytes(100_000), "not-text"),
)  # fmt: skip
