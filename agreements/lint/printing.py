"""What the rules find in a version, as a PDF for counsel's file."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone

from agreements.drafting.models import AgreementVersion
from agreements.lint.document import Weighed, to_document
from agreements.lint.facts import LintFacts
from agreements.lint.presenters import read_findings, read_years
from agreements.lint.rules import NOT_DECIDED, NOT_SEEN, NOTICE, RULES_DATED
from comanage.documents.pdf import Enclosure, render_pdf
from comanage.values.canonical import canonical_json

ENCLOSED = "findings.json"


def findings_pdf(
    version: AgreementVersion, found: Sequence[Weighed], facts: LintFacts, *, zone: ZoneInfo
) -> bytes:
    """Typeset findings, with the same as plain values inside as a file.

    Args:
        version: that the rules were asked about.
        found: in order of what to do.
        facts: in which that was found.
        zone: of the hospital, in which moments are printed.

    Raises:
        PdfUnavailable: the machine lacks the layout library.
    """
    document = to_document(
        found,
        number=version.number,
        sha256=version.sha256,
        today=facts.today,
        earlier=facts.earlier_years,
    )
    return render_pdf(
        findings_html(version, found, facts, zone=zone),
        stylesheets=("css/report.css", "css/redline.css"),
        created=timezone.now(),
        title=_title(version),
        enclosures=[Enclosure(ENCLOSED, canonical_json(document).encode(), "The findings")],
    )


def findings_html(
    version: AgreementVersion, found: Sequence[Weighed], facts: LintFacts, *, zone: ZoneInfo
) -> str:
    """Write findings for the press; the arguments are those of `findings_pdf`."""
    return render_to_string(
        "agreements/lint/findings_paper.html",
        {
            "title": _title(version),
            "version": version,
            "groups": read_findings(found),
            "earlier": read_years(facts.earlier_years),
            "not_decided": NOT_DECIDED.items(),
            "not_seen": NOT_SEEN.items(),
            "notice": NOTICE,
            "rules_dated": RULES_DATED,
            "today": facts.today,
            "zone": zone.key,
        },
    )


def _title(version: AgreementVersion) -> str:
    return f"{version.document['title']}: findings in version {version.number}"
