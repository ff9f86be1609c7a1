"""The API door of the batches, for accounts payable."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from adjudication.handoffs.handover import voucher
from adjudication.handoffs.models import Handoff, HandoffLine
from adjudication.handoffs.queries import visible_handoffs
from adjudication.payments.api import DollarsOutput, reader_of
from comanage.api.cursors import page_of
from comanage.api.parameters import PAGING
from comanage.api.periods import write_period
from comanage.identity.roles import Permission


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


class BatchList(APIView):
    """The batches that finance made."""

    permission = Permission.API_READ

    @extend_schema(responses=BatchOutput(many=True), parameters=[*PAGING])
    def get(self, request: Request, tenant: str) -> Response:
        """List batches with their lines; the `Link` head leads further."""
        page = page_of(visible_handoffs(reader_of(request)), request, by="-made_at")
        batches = [BatchOutput(handoff).data for handoff in page.rows]
        return Response(batches, headers=page.headers)
