"""The API door of the ledger, for accounts payable: entries of a year, and batches."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from adjudication.payments.handover import voucher
from adjudication.payments.items import Account, accounts_of
from adjudication.payments.models import Handoff, HandoffLine, LedgerEntry
from adjudication.payments.queries import READ_LEDGER, entries_of_year, visible_handoffs
from agreements.terms.queries import visible_years
from comanage.api.authentication import actor_of
from comanage.api.cursors import page_of
from comanage.api.parameters import PAGING
from comanage.api.periods import write_period
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.values.money import Money


@extend_schema_field(str)
class DollarsOutput(serializers.Field[Any, Any, str, Any]):
    """Dollars and cents as text, such as `-12.00`."""

    def to_representation(self, value: Money) -> str:
        """Write an amount."""
        return value.dollars_text


class EntryOutput(serializers.Serializer[Any]):
    """One entry: what is owed is positive, what was settled negative; the sum is the balance."""

    id = serializers.UUIDField()
    sequence = serializers.IntegerField(help_text="Counts the entries of the program from 1.")
    kind = serializers.CharField(
        help_text="One of due, estimated, true_up, recoupment, correction and paid."
    )
    side = serializers.CharField(help_text="`owed` or `settled`.")
    component = serializers.CharField(
        help_text="One of fixed_fee, hourly, salary, wrvu and incentive."
    )
    payee = serializers.CharField(
        source="payee_name", help_text="The group, or the physician who is paid in person."
    )
    period = serializers.SerializerMethodField(help_text="Two days, both inside.")
    amount = DollarsOutput()
    about = serializers.UUIDField(source="about_id", allow_null=True)
    reason = serializers.CharField()
    clause = serializers.CharField()
    paid_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField()
    recorded_at = serializers.DateTimeField()

    def get_period(self, entry: LedgerEntry) -> str:
        """Write the days that the amount is for."""
        return write_period(entry.period)


class AccountOutput(serializers.Serializer[Any]):
    """What an account comes to within the year."""

    component = serializers.CharField()
    payee = serializers.CharField()
    owed = DollarsOutput()
    settled = DollarsOutput()
    balance = DollarsOutput(help_text="Below zero what is to come back.")


class LedgerOutput(serializers.Serializer[Any]):
    """The ledger of a year."""

    accounts = AccountOutput(many=True)
    entries = EntryOutput(many=True)


class BatchLineOutput(serializers.Serializer[Any]):
    """One amount to be paid."""

    voucher = serializers.SerializerMethodField(help_text="Its name, to be paid under once.")
    program = serializers.CharField(source="program_name")
    payee = serializers.CharField(source="payee_name")
    component = serializers.CharField()
    period = serializers.SerializerMethodField(help_text="Two days, both inside.")
    amount = DollarsOutput()

    def get_voucher(self, line: HandoffLine) -> str:
        """Name the line."""
        return voucher(line.handoff, line)

    def get_period(self, line: HandoffLine) -> str:
        """Write the days that the amount is for."""
        return write_period(line.period)


class BatchOutput(serializers.Serializer[Any]):
    """A batch for accounts payable, with the hash of each of its files."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    total = DollarsOutput()
    csv_sha256 = serializers.CharField()
    layout_sha256 = serializers.CharField()
    lines = serializers.SerializerMethodField()

    @extend_schema_field(BatchLineOutput(many=True))
    def get_lines(self, handoff: Handoff) -> Sequence[dict[str, Any]]:
        """List the lines in order."""
        return [dict(BatchLineOutput(line).data) for line in handoff.lines.all()]


class YearLedger(APIView):
    """The ledger of a measurement year."""

    permission = Permission.API_READ

    @extend_schema(responses=LedgerOutput)
    def get(self, request: Request, tenant: str, year_pk: UUID) -> Response:
        """Return every entry in order, and what each account comes to."""
        by = _reader(request)
        year = get_object_or_404(visible_years(by), pk=year_pk)
        entries = entries_of_year(year)
        accounts: list[Account] = accounts_of(entries)
        return Response(LedgerOutput({"accounts": accounts, "entries": entries}).data)


class BatchList(APIView):
    """The batches that finance made."""

    permission = Permission.API_READ

    @extend_schema(responses=BatchOutput(many=True), parameters=[*PAGING])
    def get(self, request: Request, tenant: str) -> Response:
        """List batches with their lines; the `Link` head leads further."""
        page = page_of(visible_handoffs(_reader(request)), request, by="-made_at")
        batches = [BatchOutput(handoff).data for handoff in page.rows]
        return Response(batches, headers=page.headers)


def _reader(request: Request) -> Actor:
    by = actor_of(request)
    if READ_LEDGER not in by.scopes:
        raise PermissionDenied(f"This key lacks the scope {READ_LEDGER}.")
    return by
