"""A redline with the log of who agreed what, as a PDF."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from agreements.negotiation.presenters import Entry
from agreements.negotiation.redline_presenters import read_redline
from agreements.negotiation.word_out import STARTING_POINT, Printed
from comanage.documents.pdf import render_pdf


def redline_pdf(old: Printed, new: Printed, log: Sequence[Entry], zone: ZoneInfo) -> bytes:
    """Typeset a redline; the arguments are those of `redline_html`."""
    return render_pdf(
        redline_html(old, new, log, zone),
        stylesheets=("css/report.css", "css/redline.css"),
        created=max(old.made_at, new.made_at),
        title=_title(old, new),
    )


def redline_html(old: Printed, new: Printed, log: Sequence[Entry], zone: ZoneInfo) -> str:
    """Write a redline for the press.

    Args:
        old: the version with what was taken out.
        new: the version with what was put in.
        log: the newest entry first.
        zone: of the hospital, in which moments are printed.
    """
    return render_to_string(
        "agreements/negotiation/redline_paper.html",
        {
            "title": _title(old, new),
            "old": old,
            "new": new,
            "redline": read_redline(old.document, new.document),
            "log": log,
            "zone": zone.key,
            "starting_point": STARTING_POINT,
        },
    )


def _title(old: Printed, new: Printed) -> str:
    return f"{new.document.title}: version {new.number} against version {old.number}"
