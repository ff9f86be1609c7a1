"""The files of a batch for accounts payable. The same lines give the same bytes.

No bank data: accounts payable knows its vendors. The layout is a plain one that most systems
take by a map: a head, a voucher for each line, and a tail that sums them.
"""

import hashlib
from collections.abc import Sequence

from adjudication.handoffs.models import Handoff, HandoffLine
from comanage.exports.cells import Cell, moment_text
from comanage.exports.tables import Table, csv_bytes

CSV_COLUMNS = (
    "batch",
    "line",
    "voucher",
    "program",
    "payee",
    "component",
    "period_first_day",
    "period_last_day",
    "payment_number",
    "amount_usd",
)
LAYOUT_COLUMNS = (
    "record",
    "batch",
    "voucher",
    "voucher_date",
    "vendor",
    "amount",
    "currency",
    "description",
)


def csv_of(handoff: Handoff, lines: Sequence[HandoffLine]) -> bytes:
    """Write the lines as a table."""
    rows: list[Sequence[Cell]] = [
        (
            handoff.number,
            line.position,
            voucher(handoff, line),
            line.program_name,
            line.payee_name,
            line.get_component_display(),
            line.starts_on,
            line.period.last,
            line.number,
            line.amount.dollars_text,
        )
        for line in lines
    ]
    return csv_bytes(Table("lines", CSV_COLUMNS, rows))


def layout_of(handoff: Handoff, lines: Sequence[HandoffLine]) -> bytes:
    """Write head, vouchers and tail; head and tail carry the sum, the tail how many there are.

    The file of a batch that was made before stays the one that its hash names, wording and all.
    """
    content = _layout(handoff, lines, "1 voucher" if len(lines) == 1 else f"{len(lines)} vouchers")
    if handoff.layout_sha256 in {"", sha256_of_file(content)}:
        return content
    return _layout(handoff, lines, f"{len(lines)} vouchers")


def _layout(handoff: Handoff, lines: Sequence[HandoffLine], counted: str) -> bytes:
    made_on = handoff.made_at.date()
    total = handoff.total.dollars_text
    rows: list[Sequence[Cell]] = [
        ("H", handoff.number, "", made_on, "", total, "USD", moment_text(handoff.made_at)),
        *(
            (
                "V",
                handoff.number,
                voucher(handoff, line),
                made_on,
                line.payee_name,
                line.amount.dollars_text,
                "USD",
                f"{line.program_name}, {line.get_component_display().lower()}, {line.period}",
            )
            for line in lines
        ),
        ("T", handoff.number, "", made_on, "", total, "USD", counted),
    ]
    return csv_bytes(Table("vouchers", LAYOUT_COLUMNS, rows))


def voucher(handoff: Handoff, line: HandoffLine) -> str:
    """Name a line so that accounts payable refuses it a second time."""
    return f"CM-{handoff.number:05d}-{line.position:03d}"


def sha256_of_file(content: bytes) -> str:
    """Hash a file."""
    return hashlib.sha256(content).hexdigest()
