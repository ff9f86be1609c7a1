"""The report as a Word document, for counsel to read and mark up. Pure: from its content alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comanage.documents.word import Block, Chart, Facts, Heading, Paragraph, Table, render_word

READING_COPY = "Copy for reading: the signed PDF is the record."
Content = Mapping[str, Any]


def word_report(report: Content, *, created: datetime, pdf_sha256: str) -> bytes:
    """Write the report.

    Args:
        report: of `report_content`, as the PDF prints it.
        created: the instant written into the file.
        pdf_sha256: of the record.
    """
    facts = Facts(
        title=report["title"],
        author=report["tenant"],
        subject=f"{report['program']}, {report['period']}",
        identifier=f"Snapshot SHA-256 {report['snapshot_sha256']}",
        created=created,
        running=f"{report['tenant']}: {report['program']}. {READING_COPY}",
    )
    return render_word(report_blocks(report, pdf_sha256), facts)


def report_blocks(report: Content, pdf_sha256: str) -> list[Block]:
    """Lay the report out in the order of the PDF."""
    return [
        *_cover(report, pdf_sha256),
        *_result(report),
        *_documents(report),
        *(_compliance(report) if report["conduct"] else ()),
        *(_engagement(report["conduct"]) if report["conduct"] else ()),
        *(block for each in report["indicators"] for block in _indicator(each)),
        *_safeguards(report),
        *_schedule(report),
        *(_exceptions(report["conduct"]) if report["conduct"] else ()),
        *_signatures(report),
    ]


def _cover(report: Content, pdf_sha256: str) -> list[Block]:
    facts = (
        *((party["role"], party["name"]) for party in report["parties"]),
        ("Service line", report["service_line"]),
        ("Terms", report["terms"]),
        ("Review", report["review"]),
        ("Status", report["status"]),
        ("Data", report["freshness"]),
        ("Report", f"{report['id']}, made {report['made_at']}"),
        ("Snapshot SHA-256", report["snapshot_sha256"]),
        ("Signed PDF SHA-256", pdf_sha256),
    )
    return [
        Paragraph(report["title"], "Title"),
        Paragraph(f"{report['program']}, {report['period']}", "Subtitle"),
        Paragraph(READING_COPY, "Intense Quote"),
        _facts("What the report is about", facts),
    ]


def _result(report: Content) -> list[Block]:
    lines = [(line["component"], line["basis"], line["amount"]) for line in report["lines"]]
    reached = "points" if report["has_plan"] else "tier"
    columns = ("title", "weight", "rate_text", reached, "available", "earned")
    earned = _rows(report["indicators"], *columns)
    total = ("Incentive", report["weight_total"], "", "", report["pool"], report["incentive"])
    return [
        Heading("Result"),
        Paragraph(f"{report['total']} {report['headline']}"),
        Table(
            "Statement",
            ("Component", "Basis", "Amount"),
            (*lines, ("Total", "", report["total"])),
            numbers=frozenset({2}),
            widths=(1.3, 4, 1.2),
            has_total=True,
        ),
        *_division(report),
        Heading("How the incentive was earned", 2),
        Table(
            "How the incentive was earned",
            ("Indicator", "Weight", "Result", reached.capitalize(), "Available", "Earned"),
            (*earned, total),
            numbers=frozenset({1, 2, 4, 5}),
            widths=(2.2, 0.6, 0.8, 0.9, 1, 1),
            has_total=True,
        ),
        *_domains(report["domains"]),
        *_ledger(report["conduct"]["accounts"] if report["conduct"] else ()),
    ]


def _domains(domains: Sequence[Content]) -> list[Block]:
    """Write the domains of a scoring plan, where it has some."""
    if not domains:
        return []
    head = ("Domain", "Weight of 100", "Points", "Score")
    rows = _rows(domains, "title", "weight", "points", "score")
    return [
        Heading("Domains of the scoring plan", 2),
        Table("Domains of the scoring plan", head, rows, numbers=frozenset({1, 2, 3})),
    ]


def _ledger(accounts: Sequence[Content]) -> list[Block]:
    """Copy the year's entries, where there are some."""
    if not accounts:
        return []
    head = ("Entry of the ledger", "By", "Owed", "Settled")
    rows = _rows(accounts, "entry", "by", "owed", "settled")
    table = Table("Ledger", head, rows, numbers=frozenset({2, 3}), widths=(2.2, 2.2, 1, 1))
    return [Heading("Owed and paid", 2), table]


def _division(report: Content) -> list[Block]:
    """Say how the group divides its part, where the terms do."""
    if not report["division"]:
        return []
    parts = [(part.name, part.basis, str(part.amount)) for part in report["division"]]
    title = f"How {report['group']} divides its part"
    return [
        Heading(title, 2),
        Table(
            title,
            ("Physician", "Basis", "Amount"),
            (*parts, ("Together", "", report["divided"])),
            numbers=frozenset({2}),
            widths=(1.3, 4, 1.2),
            has_total=True,
        ),
    ]


def _indicator(indicator: Content) -> list[Block]:
    return [
        Heading(indicator["title"]),
        Paragraph(indicator["sentence"]),
        Chart(indicator["chart"], indicator["sentence"]),
        Heading("Goals" if indicator["points"] else "Tiers", 2),
        Table(
            f"Tiers of {indicator['title']}",
            ("Tier", "Goal", "Share"),
            tuple(
                (f"{tier['name']}, reached" if tier["reached"] else tier["name"],
                 tier["goal"], tier["share"])
                for tier in indicator["tiers"]
            ),
            numbers=frozenset({1, 2}),
        ),
        Heading("Dollars", 2),
        _facts(
            f"Dollars of {indicator['title']}",
            (
                ("Weight", indicator["weight"]),
                ("Available", indicator["available"]),
                *((("Points", indicator["points"]),) if indicator["points"] else ()),
                ("Share earned", indicator["share"]),
                ("Earned", indicator["earned"]),
            ),
        ),
        Heading("Counts", 2),
        Table(
            f"Counts of {indicator['title']}",
            ("Cases", "Number"),
            tuple((row["label"], row["value"]) for row in indicator["counts"]),
            numbers=frozenset({1}),
        ),
        Heading("Definition", 2),
        _facts(
            f"Definition of {indicator['title']}",
            [(part["term"], part["text"]) for part in indicator["definition"]],
        ),
        *_months(indicator),
    ]  # fmt: skip


def _months(indicator: Content) -> list[Block]:
    """Write an indicator's months, where the snapshot says something of them."""
    trend = indicator["trend"]
    if trend is None:
        return []
    about = f"Months of {indicator['title']}"
    return [
        Heading("Month by month", 2),
        *([Chart(trend["chart"], trend["sentence"])] if trend["chart"] else ()),
        Paragraph(trend["sentence"]),
        *(
            [
                Table(
                    about,
                    trend["head"],
                    tuple(trend["months"]),
                    numbers=frozenset(range(1, len(trend["head"]))),
                )
            ]
            if trend["months"]
            else ()
        ),
    ]


def _safeguards(report: Content) -> list[Block]:
    if not report["safeguards"]:
        return []
    rows = _rows(report["safeguards"], "what", "finding")
    return [
        Heading("Safeguards", is_short=True),
        Paragraph(
            "What guards the patients and the parties against a result that is bought at a cost, "
            f"wrong or chance, and what the records of {report['as_of']} show of it."
        ),
        Table("Safeguards", ("Safeguard", "Terms and finding"), rows, widths=(2, 4.5)),
        Heading("What CoManage does not hold", 2),
        *(Paragraph(sentence) for sentence in report["not_held"]),
    ]


def _schedule(report: Content) -> list[Block]:
    blocks: list[Block] = [
        Heading("Calculation schedule"),
        Paragraph(
            "Every step from the counts to the dollars. Each can be followed with a pencil; where "
            "a value is rounded, the step says so."
        ),
        Chart(report["pool_chart"], report["pool_sentence"]),
    ]
    for number, part in enumerate(report["schedule"], 1):
        rows = tuple(
            (
                f"{number}.{place}",
                step["label"],
                "\n".join((step["rule"], *(f"{name}: {value}" for name, value in step["inputs"]))),
                step["output"],
            )
            for place, step in enumerate(part["steps"], 1)
        )
        blocks += [
            Heading(part["title"], 2),
            Table(
                f"Steps: {part['title']}",
                ("No.", "Step", "Rule and inputs", "Output"),
                rows,
                numbers=frozenset({3}),
                widths=(0.5, 1.3, 3.5, 1.2),
            ),
        ]
    return blocks


def _documents(report: Content) -> list[Block]:
    documents = tuple(
        (document["name"], "\n".join(filter(None, (document["detail"], document["sha256"]))))
        for document in report["documents"]
    )
    return [
        Heading("Documents relied on", is_short=True),
        Table("Documents", ("Document", "Details"), documents, widths=(2.2, 4.3)),
    ]


def _compliance(report: Content) -> list[Block]:
    checks = _rows(report["conduct"]["compliance"], "what", "state", "finding")
    return [
        Heading("Contract compliance", is_short=True),
        Paragraph(
            f"What the agreement and the law ask of the year, held against the records of "
            f"{report['as_of']}. What these records do not hold is said to be so; it is no "
            "finding that it is lacking."
        ),
        Table("Compliance", ("Requirement", "State", "Finding"), checks, widths=(2, 1, 3.5)),
        *([Paragraph(report["conduct"]["statement"])] if report["conduct"]["statement"] else ()),
        *_listed(
            "Independent review",
            ("Indicator", "Outcome", "Figures", "How they were found", "Charts"),
            _rows(report["conduct"]["review"], "title", "outcome", "figures", "how", "charts"),
            "The reviewer's record of each indicator, and the statement of independence, stand "
            "here once the reviewer has signed with them.",
        ),
    ]


def _engagement(conduct: Content) -> list[Block]:
    return [
        Heading("Physician engagement", is_short=True),
        *_listed(
            "Participants",
            ("Physician", "NPI", "Days in the program", "Of the year"),
            _rows(conduct["participants"], "name", "npi", "days", "share"),
            "The signed terms name no physician who took part in the year.",
        ),
        *([Paragraph(conduct["roster"])] if conduct["roster"] else []),
        *_listed(
            "Base services",
            ("Physician", "Hours of duties", "wRVUs"),
            _rows(conduct["work"], "name", "hours", "wrvus"),
            "No approved work is in the snapshot. Where pay follows hours or wRVUs, the totals are "
            "approved before the freeze and stand here.",
        ),
        *(Paragraph(sentence) for sentence in conduct["rates"]),
        *_listed(
            "Comments of the governing committee",
            ("Member", "Role", "Comment", "At"),
            _rows(conduct["committee"], "name", "role", "text", "at"),
            "Nobody had been asked when this report was made: the committee comments after the "
            "reviewer has signed.",
        ),
        Heading("Not recorded here", 2),
        *(Paragraph(sentence) for sentence in conduct["not_recorded"]),
    ]


def _exceptions(conduct: Content) -> list[Block]:
    return [
        Heading("Exceptions and judgment calls", is_short=True),
        *_listed(
            "Holds, disputes, conditions and restatements",
            ("What", "By", "Reason", "How it ended"),
            _rows(conduct["exceptions"], "kind", "by", "what", "ended"),
            "Nobody held or disputed the year, counsel set no condition, and nothing was restated.",
        ),
        *_listed(
            "Files that came late",
            ("File", "Due", "Came", "Late"),
            _rows(conduct["files"], "file", "due", "came", "late"),
            "None that was promised by a day.",
        ),
        Heading("Outlook", is_short=True),
        _facts("Outlook", _pairs(conduct["outlook"], "term", "text")),
    ]


def _signatures(report: Content) -> list[Block]:
    return [
        Heading("Sign-offs and limitations", is_short=True),
        Table(
            "Sign-offs",
            ("Step", "State", "By", "At", "Note"),
            tuple(
                (
                    sign_off["step"],
                    sign_off["state"],
                    ", ".join(filter(None, (sign_off["name"], sign_off["role"]))),
                    sign_off["at"],
                    sign_off["note"],
                )
                for sign_off in report["sign_offs"]
            ),
        ),
        Heading("What this report does not say", 2),
        *(Paragraph(sentence, "List Bullet") for sentence in report["limitations"]),
    ]


def _listed(
    title: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], otherwise: str
) -> list[Block]:
    """Write a table under its heading, or the sentence that says why there is none."""
    return [Heading(title, 2), Table(title, head, rows) if rows else Paragraph(otherwise)]


def _rows(given: Sequence[Content], *names: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each[name] for name in names) for each in given)


def _pairs(given: Sequence[Content], term: str, text: str) -> list[tuple[str, str]]:
    return [(each[term], each[text]) for each in given]


def _facts(about: str, facts: Sequence[tuple[str, str]]) -> Table:
    return Table(about, (), tuple(facts), widths=(1.7, 4.8))
