"""A PDF is the same bytes every time, readable by a screen reader, and reads nothing itself."""

import io
import os
import time
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pytest

from comanage.documents import pdf
from comanage.documents.pdf import AssetRefused, Enclosure, PdfUnavailable, render_pdf

CREATED = datetime(2026, 3, 14, 15, 5, tzinfo=UTC)
TABLE = """
<table><thead><tr><th scope="col">Component</th><th scope="col">Amount</th></tr></thead>
<tbody><tr><th scope="row">Fixed fee</th><td>$120,000.00</td></tr></tbody></table>
"""


def document(body):
    return f'<!doctype html><html lang="en-US"><body><h1>Result</h1>{body}</body></html>'


def made(body="<p>One page.</p>", **changes):
    given = {"stylesheets": ["css/report.css"], "created": CREATED, "title": "Report 2025"}
    return render_pdf(document(body), **(given | changes))


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def tags(content):
    """Every tag of the structure tree, with its scope if it has one."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                scope = node.get("/A", {}).get("/Scope") if "/A" in node else None
                found.append((str(node.S), str(scope) if scope else ""))
            if "/K" in node:
                walk(node.K)

    with opened(content) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


@pytest.mark.parametrize("has_harfbuzz_subset", [True, False])
def test_the_same_input_gives_the_same_bytes_on_another_day(monkeypatch, has_harfbuzz_subset):
    # Without that library fontTools cuts the fonts, and stamps the present time into them.
    if not has_harfbuzz_subset:
        monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    enclosure = Enclosure("snapshot.json", b"{}", "The snapshot")
    today = made(TABLE, enclosures=[enclosure])

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 86_400)

    assert made(TABLE, enclosures=[enclosure]) == today


def test_the_zone_in_which_the_instant_is_told_changes_nothing():
    chicago = timezone(timedelta(hours=-5))

    assert made(created=CREATED.astimezone(chicago)) == made()


def test_another_instant_gives_other_bytes():
    assert made(created=CREATED + timedelta(seconds=1)) != made()


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        made(created=CREATED.replace(tzinfo=None))


@pytest.mark.parametrize("before", [None, "1"])
def test_the_environment_is_left_as_it_was(monkeypatch, before):
    if before is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", before)

    made()

    assert os.environ.get("SOURCE_DATE_EPOCH") == before


def test_the_document_is_tagged_and_says_its_language_and_title():
    content = made(TABLE)

    with opened(content) as document:
        assert document.Root.MarkInfo.Marked is True
        assert str(document.Root.Lang) == "en-US"
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        assert str(document.docinfo["/Title"]) == "Report 2025"
    assert "/H1" in [tag for tag, _ in tags(content)]


def test_the_document_claims_to_be_an_archive_and_accessible():
    two = [Enclosure("a.json", b"{}", "A"), Enclosure("b.json", b"1", "B")]
    content = made(TABLE, enclosures=two)

    with opened(content) as document, document.open_metadata() as claims:
        assert claims["pdfaid:part"] + claims["pdfaid:conformance"] == "3A"
        assert claims["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert claims["dc:title"] == "Report 2025"
        assert [str(file.UF) for file in document.Root.AF] == ["a.json", "b.json"]
        assert {str(file.AFRelationship) for file in document.Root.AF} == {"/Data"}
        assert str(document.Root.OutputIntents[0].S) == "/GTS_PDFA1"
    assert b"http://www.aiim.org/pdfa/ns/extension/" in content  # readable without a tool


def test_header_cells_say_what_they_head():
    headers = [tag for tag in tags(made(TABLE)) if tag[0] == "/TH"]

    assert headers == [("/TH", "/Column"), ("/TH", "/Column"), ("/TH", "/Row")]


def test_an_enclosure_travels_inside():
    content = made(enclosures=[Enclosure("snapshot.json", b'{"total":1}', "The snapshot")])

    with opened(content) as document:
        attached = document.attachments["snapshot.json"].get_file().read_bytes()

    assert attached == b'{"total":1}'


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd" alt="">',
        '<img src="https://example.org/pixel.png" alt="">',
        '<img src="../comanage/documents/pdf.py" alt="">',
        '<img src="%2e%2e/pyproject.toml" alt="">',
        '<img src="data:image/svg+xml,<svg/>" alt="">',
        '<a rel="attachment" href="file:///etc/passwd">here</a>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<style>@import url("https://example.org/x.css");</style>',
        '<style>@font-face { font-family: x; src: url("file:///etc/passwd"); }</style>',
        '<svg><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_nothing_outside_the_folder_is_read(hostile):
    with pytest.raises(AssetRefused, match="not among the assets"):
        made(hostile)


def test_a_stylesheet_that_is_not_there_is_refused():
    with pytest.raises(AssetRefused, match=r"css/missing\.css"):
        made(stylesheets=["css/missing.css"])


def test_a_machine_without_pango_is_told_which_packages_it_needs(monkeypatch):
    def no_library(*_args, **_kwargs):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("builtins.__import__", no_library)
    with pytest.raises(PdfUnavailable, match=r"apt-get install .* libpangoft2"):
        pdf._weasyprint()
