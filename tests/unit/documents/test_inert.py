"""A PDF from outside shows pages and does nothing else, or is refused."""

import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

from comanage.documents.inert import MAX_UNPACKED_BYTES, NotInertError, check_is_inert

PACKED = {"plain": ObjectStreamMode.disable, "packed": ObjectStreamMode.generate}


def written(change=None, *, packed="packed"):
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.add_blank_page()
    with pdf.open_outline() as outline:  # it names its first entry, as packed objects do
        outline.root.append(pikepdf.OutlineItem("Signatures", 1))
    if change:
        change(pdf)
    out = BytesIO()
    pdf.save(out, object_stream_mode=PACKED[packed])
    return out.getvalue()


def run_a_script(pdf):
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.OpenAction = pdf.make_indirect(action)


def carry_a_file(pdf):
    pdf.attachments["payroll.xlsx"] = b"PK"


def launch(pdf):
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.Launch, F=String("calc.exe")),
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])


@pytest.mark.parametrize("packed", PACKED)
def test_pages_are_taken_and_what_acts_or_carries_is_refused(packed):
    check_is_inert(written(packed=packed))

    for change, said in ((run_a_script, "script"), (launch, "script"), (carry_a_file, "carries")):
        with pytest.raises(NotInertError, match=said):
            check_is_inert(written(change, packed=packed))


def stream_of_objects(body: bytes, *, filters: bytes = b"/Filter /FlateDecode") -> bytes:
    head = b"9 0 obj << /Type /ObjStm /N 1 /First 4 " + filters + b" >>\nstream\n"
    return written(packed="plain") + head + body + b"\nendstream endobj"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (written(packed="plain").replace(b"/Count", b"/S /Java#53cript /Count", 1), "script"),
        (stream_of_objects(zlib.compress(b"<< /S /JavaScript >>")), "script"),
        (stream_of_objects(zlib.compress(b"x" * 65_530 + b"/JavaScript")), "script"),
        (stream_of_objects(b"2f4a53>", filters=b"/Filter /ASCIIHexDecode"), "cannot be looked"),
        (stream_of_objects(b"2f4a53>", filters=b"/F#69lter /ASCIIHexDecode"), "cannot be looked"),
        (stream_of_objects(b"no zlib"), "cannot be looked"),
        (stream_of_objects(zlib.compress(bytes(MAX_UNPACKED_BYTES + 1))), "cannot be looked"),
        (b"%PDF-1.7\n%%EOF", "no page"),
    ],
)
def test_what_is_hidden_is_found_or_refused(content: bytes, said: str):
    with pytest.raises(NotInertError, match=said):
        check_is_inert(content)
