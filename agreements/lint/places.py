"""The page on which what a finding stands on is kept."""

from collections.abc import Callable

from django.urls import reverse

from agreements.drafting.models import AgreementVersion
from agreements.lint.rules import Finding
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.web.places import Door, Owners, Place, lead_through

_TERMS = Door("The year's terms", "agreements:year-detail", "year")
_TEXT = Door("The agreement", "agreements:agreement-detail", "agreement")
_DUTIES = Door("The duties", "agreements:duty-list", "year")
_PEOPLE = Door("The program's people", "agreements:people", "program")
_REGISTER = Door(
    "The register of contracts", "agreements:contract-list", "", Permission.CONTRACT_VIEW
)
_DOORS = {
    "Agreement": _TEXT,
    "Clause": _TEXT,
    "Committee": _PEOPLE,
    "Contract": _REGISTER,
    "Duty": _DUTIES,
    "Earlier years": Door("The program", "agreements:program-detail", "program"),
    "Exhibit A": _DUTIES,
    "Exhibits": _TEXT,
    "Fixed fee": _TERMS,
    "Governing law": _TEXT,
    "Indicator": _TERMS,
    "Indicators": _TERMS,
    "Measurement year": _TERMS,
    "Memo": Door("The memos", "agreements:memo-list", "program", Permission.VALUATION_READ),
    "Opinion": Door(
        "File an opinion", "agreements:opinion-file", "program", Permission.PROGRAM_EDIT
    ),
    "Pay": _TERMS,
    "People": _PEOPLE,
    "Register": _REGISTER,
    "Scope": _TERMS,
    "Term": _TEXT,
    "Terms": _TERMS,
    "Work": Door("The work of the year", "agreements:work-detail", "year"),
}


def door_of(finding: Finding) -> Door | None:
    """Return the kind of page on which a finding is mended; None where nobody said one."""
    # Which one it is does not matter: `Indicator “Mortality”`, `Pay, “Call”`, `Work of Jan to Mar`.
    return _DOORS.get(finding.stands_on.split(" “")[0].split(" of ")[0].rstrip(","))


def places_of(
    version: AgreementVersion, *, tenant: str, by: Actor
) -> Callable[[Finding], Place | None]:
    """Return what finds the place of a finding: None where the member may open no page of it.

    Args:
        version: read through `with_first_years`.
        tenant: whose pages they are.
        by: the member who is led there.
    """
    agreement, year = version.agreement, vars(version)["first_year_id"]
    printed = {each["key"] for each in version.document["clauses"]}
    owners: Owners = {
        "": (),
        "agreement": (agreement.pk,),
        "program": (agreement.program_id,),
        "year": (year,) if year else None,
    }

    def find(finding: Finding) -> Place | None:
        if finding.stands_on.startswith("Clause") and finding.clause in printed:
            clause = reverse(
                "agreements:clause-detail", args=[tenant, agreement.pk, finding.clause]
            )
            return Place("The clause as it stands now", clause)
        return lead_through(door_of(finding), owners, tenant=tenant, by=by)

    return find
