"""HTML to a tagged PDF (PDF/A-3a and PDF/UA-1): the same input gives the same bytes.

Nothing is fetched from anywhere but one folder of assets: a report is made of other
people's words, and words must not be able to read a file or open a connection.

You find here the press, not the reports: those are templates of their rooms.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
# A reserved name (RFC 2606): relative addresses resolve against it, no machine answers to it.
ASSETS_ADDRESS = "https://assets.invalid/"
# The last one only cuts fonts; without it the bytes differ from those of other machines.
DEBIAN_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
VARIANT = "pdf/a-3a"
# The typesetter claims one standard; the second is claimed here, and described, since an archive
# (PDF/A) holds only properties that the file itself explains.
_CLAIM_OF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq>\
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

# One at a time: the time stamp of the embedded fonts comes from the process environment.
_press = Lock()


class PdfUnavailable(RuntimeError):  # noqa: N818  (a state of the machine, not a mistake)
    """This machine has no text layout library, so no PDF can be made on it."""


class AssetRefused(ValueError):  # noqa: N818  (what happened, in the words of the trail)
    """A document asked for something outside the folder of assets."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels inside the PDF.

    Attributes:
        name: the file's name, such as `snapshot.json`.
        content: its bytes.
        description: what it is, for the reader's list of attachments.
    """

    name: str
    content: bytes
    description: str


def render_pdf(
    html: str,
    *,
    stylesheets: Sequence[str],
    created: datetime,
    title: str,
    assets: Path = STATIC,
    enclosures: Sequence[Enclosure] = (),
) -> bytes:
    """Typeset a document.

    Args:
        html: the whole document, with its language on the root element.
        stylesheets: names inside the folder of assets, such as `css/report.css`, in order.
        created: the aware instant written into the document; the only clock it knows.
        title: the document's title, as its window shows it.
        assets: the one folder whose files the document may use.
        enclosures: files to carry inside.

    Raises:
        AssetRefused: the document asks for anything outside the folder.
        PdfUnavailable: the machine lacks the layout library.
    """
    if created.tzinfo is None:
        raise ValueError(f"{created} has no time zone. Give an aware instant.")
    weasyprint = _weasyprint()
    folder = _fetcher(weasyprint, assets)
    at = created.astimezone(UTC)
    with _press, _source_date(at):
        try:
            content = _typeset(weasyprint, html, stylesheets, folder, at, title, enclosures)
        except weasyprint.urls.FatalURLFetchingError as refused:
            raise AssetRefused(str(refused)) from refused
    # The drawing of SVG pictures swallows every error, the fatal one too.
    if folder.refused:
        raise AssetRefused(folder.refused[0])
    return content


def _typeset(
    weasyprint: Any,
    html: str,
    stylesheets: Sequence[str],
    fetcher: Any,
    at: datetime,
    title: str,
    enclosures: Sequence[Enclosure],
) -> bytes:
    """Lay out, name and write the document."""
    fonts = weasyprint.text.fonts.FontConfiguration()
    sheets = [
        weasyprint.CSS(url=f"{ASSETS_ADDRESS}{name}", url_fetcher=fetcher, font_config=fonts)
        for name in stylesheets
    ]
    source = weasyprint.HTML(string=html, base_url=ASSETS_ADDRESS, url_fetcher=fetcher)
    document = source.render(stylesheets=sheets, font_config=fonts, pdf_variant=VARIANT)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    document.metadata.title = title
    document.metadata.created = document.metadata.modified = stamp
    document.metadata.attachments += [
        weasyprint.Attachment(
            string=enclosure.content,
            name=enclosure.name,
            description=enclosure.description,
            relationship="Data",
            created=at,
            modified=at,
        )
        for enclosure in enclosures
    ]
    document.color_profiles["srgb"] = _colors(weasyprint)
    pdf: bytes = document.write_pdf(
        pdf_variant=VARIANT, output_intent="the one given", finisher=_finish
    )
    return pdf


def _colors(weasyprint: Any) -> Any:
    """Read the profile that says which colors are meant; the typesetter would leave it open."""
    profile = (files(weasyprint.pdf) / "sRGB2014.icc").read_bytes()
    channels = (["r"], ["g"], ["b"])
    return weasyprint.css.ColorProfile(
        BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", channels
    )


def _finish(_document: object, pdf: Any) -> None:
    """Add what the typesetter leaves out."""
    _say_what_headers_head(pdf)
    _claim_both_standards(pdf)
    if "AF" in pdf.catalog:  # it names each enclosure twice
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _claim_both_standards(pdf: Any) -> None:
    """Say in the metadata that the file is PDF/UA too; it stays readable without a tool."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    (text,) = metadata.stream
    metadata.stream[:] = [text.replace(b"</rdf:RDF>", _CLAIM_OF_UA + b"</rdf:RDF>")]
    metadata.compress = False


def _say_what_headers_head(pdf: Any) -> None:
    """Tell a screen reader whether a header cell heads a column or a row.

    The typesetter leaves /Scope out. A row of headers alone heads columns.
    """
    kinds: dict[int, Any] = {
        place: tag.get("S") for place, tag in enumerate(pdf.objects) if isinstance(tag, dict)
    }
    for row in pdf.objects:
        if not isinstance(row, dict) or row.get("S") != "/TR":
            continue
        cells = [int(reference.split()[0]) for reference in row.get("K", [])]
        headers_only = all(kinds.get(cell) == "/TH" for cell in cells)
        scope = "/Column" if headers_only else "/Row"
        for cell in cells:
            if kinds.get(cell) == "/TH":
                pdf.objects[cell]["A"]["Scope"] = scope


def _weasyprint() -> Any:
    """Load the typesetter; only here, because it takes half a second and needs Pango."""
    try:
        import weasyprint
        import weasyprint.text.fonts
        import weasyprint.urls
    except (ImportError, OSError) as missing:
        raise PdfUnavailable(
            f"PDFs need the Pango library ({missing}). "
            f"On Debian: apt-get install --no-install-recommends {DEBIAN_PACKAGES}"
        ) from missing
    return weasyprint


def _fetcher(weasyprint: Any, assets: Path) -> Any:
    """Make the one way to an asset: a file inside the folder, or a refusal that stops all."""
    root = assets.resolve()

    class AssetFolder(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        """Hand out files of the folder; refuse every other address, and remember it."""

        def __init__(self) -> None:
            """Begin with nothing refused."""
            super().__init__()
            self.refused: list[str] = []

        def fetch(self, url: str, headers: object = None) -> Any:
            """Read one asset."""
            path = (root / unquote(url.removeprefix(ASSETS_ADDRESS))).resolve()
            inside = url.startswith(ASSETS_ADDRESS) and path.is_relative_to(root)
            if not inside or not path.is_file():
                self.refused.append(
                    f"The document asks for {url[:200]}, which is not among the assets."
                )
                raise weasyprint.urls.FatalURLFetchingError(self.refused[-1])
            return weasyprint.urls.URLFetcherResponse(url, path.read_bytes())

    return AssetFolder()


@contextmanager
def _source_date(at: datetime) -> Iterator[None]:
    """Let everything that would stamp the present time stamp this instant instead."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(at.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
