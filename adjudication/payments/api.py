"""The API door of the ledger, for accounts payable: the entries of a year."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from adjudication.payments.items import Account, accounts_of
from adjudication.payments.models import LedgerEntry
from adjudication.payments.queries import READ_LEDGER, entries_of_year
from agreements.terms.queries import visible_years
from comanage.api.authentication import actor_of
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
        help_text="One of fixed_fee, hourly, salary, wrvu, savings and incentive."
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


class YearLedger(APIView):
    """The ledger of a measurement year."""

    permission = Permission.API_READ

    @extend_schema(responses=LedgerOutput)
    def get(self, request: Request, tenant: str, year_pk: UUID) -> Response:
        """Return every entry in order, and what each account comes to."""
        by = reader_of(request)
        year = get_object_or_404(visible_years(by), pk=year_pk)
        entries = entries_of_year(year)
        accounts: list[Account] = accounts_of(entries)
        return Response(LedgerOutput({"accounts": accounts, "entries": entries}).data)


def reader_of(request: Request) -> Actor:
    """Return who reads the ledger; refuse a key without its scope."""
    by = actor_of(request)
    if READ_LEDGER not in by.scopes:
        raise PermissionDenied(f"This key lacks the scope {READ_LEDGER}.")
    return by
