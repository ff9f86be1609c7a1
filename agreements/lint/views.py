"""The page of what the rules find in a version."""

from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agreements.drafting.queries import visible_versions
from agreements.lint.facts import Severity
from agreements.lint.queries import findings_of
from agreements.lint.rules import NOT_DECIDED, NOTICE
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission

HEADINGS = {
    Severity.BLOCK: ("To mend before anybody signs", "concern"),
    Severity.HOLD: ("For counsel to look at before anybody signs", "waiting"),
    Severity.WARN: ("To look at", "next"),
    Severity.INFO: ("To know", "quiet"),
}


@requires(Permission.AGREEMENT_DRAFT)
@require_GET
def version_findings(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Ask the rules about a version today, and show what they found."""
    version = get_object_or_404(visible_versions(request.actor), pk=pk)
    today = request.tenant.today()
    groups = [
        (*HEADINGS[severity], severity.value, list(found))
        for severity, found in groupby(
            findings_of(version, today=today), key=lambda finding: finding.severity
        )
    ]
    context = {
        "version": version,
        "agreement": version.agreement,
        "groups": groups,
        "printed": {clause["key"] for clause in version.document["clauses"]},
        "not_decided": NOT_DECIDED.items(),
        "notice": NOTICE,
        "today": today,
    }
    return render(request, "agreements/lint/findings.html", context)
