"""The page on which a task of the standard is done."""

from collections.abc import Callable, Mapping

from django.db.models import OuterRef, Subquery

from agreements.drafting.models import AgreementStatus, AgreementVersion
from agreements.drafting.queries import visible_agreements
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear
from agreements.workplans.models import WorkplanTask
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.web.places import Door, Owners, Place, lead_through

_OPPORTUNITIES = Door(
    "Opportunities", "scorecards:opportunity-list", "program", Permission.SCORECARD_VIEW
)
_READINESS = Door("Readiness", "agreements:readiness-detail", "program")
_MODELS = Door("The three models", "agreements:model-compare", "")
_PEOPLE = Door("The program's people", "agreements:people", "program")
_DUTIES = Door("The duties", "agreements:duty-list", "year")
_OPINION = Door("File an opinion", "agreements:opinion-file", "program", Permission.PROGRAM_EDIT)
_TERMS = Door("The year's terms", "agreements:year-detail", "year")
_FEEDS = Door("The feeds", "scorecards:feed-list", "", Permission.FEED_VIEW)
_TEXT = Door("The agreement", "agreements:agreement-detail", "agreement")
_FINDINGS = Door("The findings", "agreements:version-findings", "version", Permission.FINDING_VIEW)
_NEGOTIATION = Door("The negotiation", "agreements:negotiation", "agreement")
_SIGNING = Door("Approvals and signatures", "agreements:signing", "agreement")

# By title, as the standard has them: whoever gives a task another title has given it another end.
DOORS: Mapping[str, Door] = {
    "Study variation, trend and operations": _OPPORTUNITIES,
    "Size the opportunity": _OPPORTUNITIES,
    "Answer the readiness questionnaires": _READINESS,
    "Turn the gaps into tasks": _READINESS,
    "Compare the three models": _MODELS,
    "Choose the model": _MODELS,
    "Name the physicians": _PEOPLE,
    "Collect ownership and disclosures": _PEOPLE,
    "Seat the governing committee": _PEOPLE,
    "List the duties": _DUTIES,
    "File the opinion and the memo": _OPINION,
    "Choose the indicators": _TERMS,
    "Freeze the baselines": _TERMS,
    "Agree goals and weights": _TERMS,
    "Load each data feed once": _FEEDS,
    "Draft the agreement": _TEXT,
    "Answer the findings": _FINDINGS,
    "Negotiate until both sides agree": _NEGOTIATION,
    "Collect the approvals": _SIGNING,
    "Sign the agreement": _SIGNING,
    "Put the year on the clock": _TERMS,
}


def places_of(
    program: Program, *, tenant: str, by: Actor
) -> Callable[[WorkplanTask], Place | None]:
    """Return what finds the place of a program's task; two queries.

    The place is None where the member may open no page of it, or there is none yet.
    """
    pages = _pages(program, by)

    def find(task: WorkplanTask) -> Place | None:
        return lead_through(DOORS.get(task.title), pages, tenant=tenant, by=by)

    return find


def _pages(program: Program, by: Actor) -> Owners:
    """Find the program, and its newest agreement, version and year."""
    newest = AgreementVersion.objects.filter(agreement=OuterRef("pk")).order_by("-number")
    agreements = (
        visible_agreements(by).filter(program=program).exclude(status=AgreementStatus.WITHDRAWN)
    )
    found = agreements.annotate(newest=Subquery(newest.values("pk")[:1]))
    agreement, version = found.values_list("pk", "newest").first() or (None, None)
    years = MeasurementYear.objects.filter(program=program).order_by("-starts_on")
    year = years.values_list("pk", flat=True).first()
    owners = {"agreement": agreement, "version": version, "year": year, "program": program.pk}
    return {"": ()} | {of: (pk,) if pk else None for of, pk in owners.items()}
