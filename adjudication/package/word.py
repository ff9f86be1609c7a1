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
        *(block for each in report["indicators"] for block in _indicator(each)),
        *_schedule(report),
        *_proof(report),
    ]


def _cover(report: Content, pdf_sha256: str) -> list[Block]:
    facts = (
        *((party["role"], party["name"]) for party in report["parties"]),
        ("Service line", report["service_line"]),
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
    earned = [
        tuple(
            each[name] for name in ("title", "weight", "rate_text", "tier", "available", "earned")
        )
        for each in report["indicators"]
    ]
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
        Heading("How the incentive was earned", 2),
        Table(
            "How the incentive was earned",
            ("Indicator", "Weight", "Result", "Tier", "Available", "Earned"),
            (*earned, total),
            numbers=frozenset({1, 2, 4, 5}),
            widths=(2.2, 0.6, 0.8, 0.9, 1, 1),
            has_total=True,
        ),
    ]


def _indicator(indicator: Content) -> list[Block]:
    return [
        Heading(indicator["title"]),
        Paragraph(indicator["sentence"]),
        Chart(indicator["chart"], indicator["sentence"]),
        Heading("Tiers", 2),
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
    ]  # fmt: skip


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


def _proof(report: Content) -> list[Block]:
    documents = tuple(
        (document["name"], "\n".join(filter(None, (document["detail"], document["sha256"]))))
        for document in report["documents"]
    )
    return [
        Heading("Documents relied on"),
        Table("Documents", ("Document", "Details"), documents, widths=(2.2, 4.3)),
        Heading("Sign-offs"),
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


def _facts(about: str, facts: Sequence[tuple[str, str]]) -> Table:
    return Table(about, (), tuple(facts), widths=(1.7, 4.8))
