"""Reading agreements, their changes and their versions."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from agreements.drafting.compose import owner_of
from agreements.drafting.facts import AgreementFacts, Change, Draft, PlanSection
from agreements.drafting.models import (
    OVER,
    Agreement,
    AgreementStatus,
    AgreementVersion,
    ChangeKind,
    ClauseChange,
)
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from agreements.terms.scoring_plans import plan_in_words
from comanage.identity.actor import Actor
from comanage.values.canonical import sha256_of


def visible_agreements(by: Actor) -> QuerySet[Agreement]:
    """List the agreements of the programs a person sees, newest first."""
    return Agreement.objects.select_related("program__group", "created_by").filter(
        program__in=visible_programs(by)
    )


def visible_versions(by: Actor) -> QuerySet[AgreementVersion]:
    """List the versions of the agreements a person sees, the last of each first.

    Physicians and their managers read those that were shared with them.
    """
    versions = AgreementVersion.objects.select_related("agreement__program", "made_by").filter(
        agreement__program__in=visible_programs(by)
    )
    return versions.filter(share__isnull=False) if by.sees_only_own_programs else versions


def agreement_being_written(program: Program) -> Agreement | None:
    """Find the program's agreement that is not executed yet, nor withdrawn, in one query."""
    return _being_written().filter(program=program).first()


def first_year(agreement: Agreement) -> MeasurementYear | None:
    """Find the first measurement year that begins within the term, in one query.

    A year whose agreement ended before it began is of the one before, and of no effect.
    """
    years = MeasurementYear.objects.select_related("program__group", "opinion").filter(
        program=agreement.program_id,
        starts_on__gte=agreement.starts_on,
        starts_on__lt=agreement.ends_on,
    )
    return next((year for year in years.order_by("starts_on") if year.in_effect is not None), None)


def with_first_years(versions: QuerySet[AgreementVersion]) -> QuerySet[AgreementVersion]:
    """Read with each version the id of what `first_year` finds, as `first_year_id`; no query."""
    within = MeasurementYear.objects.filter(
        program=OuterRef("agreement__program"),
        starts_on__gte=OuterRef("agreement__starts_on"),
        starts_on__lt=OuterRef("agreement__ends_on"),
    )
    first = within.order_by("starts_on").values("pk")[:1]
    return versions.annotate(first_year_id=Subquery(first))


def agreement_over(year: MeasurementYear) -> Agreement | None:
    """Find the agreement that is written here and whose term a year begins in, in one query."""
    return (
        Agreement.objects.filter(
            program=year.program_id, starts_on__lte=year.starts_on, ends_on__gt=year.starts_on
        )
        .exclude(status=AgreementStatus.WITHDRAWN)
        .order_by("-starts_on")
        .first()
    )


def with_agreements(years: "QuerySet[MeasurementYear]") -> "QuerySet[MeasurementYear]":
    """Read with each year the id of what `agreement_over` finds, as `agreement_id`; no query."""
    over = Agreement.objects.filter(
        program=OuterRef("program"),
        starts_on__lte=OuterRef("starts_on"),
        ends_on__gt=OuterRef("starts_on"),
    ).exclude(status=AgreementStatus.WITHDRAWN)
    return years.annotate(agreement_id=Subquery(over.order_by("-starts_on").values("pk")[:1]))


def is_written_here(year: MeasurementYear) -> bool:
    """Say whether the execution of an agreement that is written here locks a year's terms.

    Once it is executed, a later year of its term takes effect by a writing of its own, which
    `contracts.queries.writing_for` reads.
    """
    agreement = agreement_over(year)
    return agreement is not None and agreement.locks_terms


def is_being_written() -> Exists:
    """Say beside each program of a query whether an agreement of it is yet to be executed."""
    return Exists(_being_written().filter(program=OuterRef("pk")))


def _being_written() -> "QuerySet[Agreement]":
    return Agreement.objects.exclude(status__in=[*OVER, AgreementStatus.EXECUTED])


def latest_changes(agreement: Agreement) -> list[ClauseChange]:
    """List the changes that hold, in the order they were made; one query.

    Of the words of a clause the latest holds, in the place of the first, so that what was added
    stays where it was added. Every move holds: the next one began where it had left off.
    """
    holding: dict[tuple[str, int], ClauseChange] = {}
    for change in agreement.changes.select_related("made_by").order_by("number"):
        moved = change.number if change.kind == ChangeKind.MOVE else 0
        holding[change.key, moved] = change
    return list(holding.values())


def facts_of(agreement: Agreement) -> AgreementFacts:
    """Read what an agreement says of itself."""
    return AgreementFacts(
        title=agreement.title,
        term=agreement.term,
        hospital=agreement.hospital_name,
        facility=agreement.facility,
        state=agreement.state,
        is_bond_financed=agreement.is_bond_financed,
        renewal=agreement.renewal,
        path=agreement.path,
        notice_days=agreement.notice_days,
        holdover_notice_days=agreement.holdover_notice_days,
        hospital_address=agreement.hospital_address,
        physicians_address=agreement.physicians_address,
    )


def draft_of(agreement: Agreement, year: MeasurementYear, changes: list[ClauseChange]) -> Draft:
    """Gather what the agreement is composed from; seven queries."""
    terms = draft_terms(year)
    sections = plan_in_words(terms) if "scoring_plan" in terms else ()
    return Draft(
        facts=facts_of(agreement),
        objective=agreement.program.objective,
        comment_days=agreement.program.comment_days,
        terms=terms,
        changes=tuple(
            Change(each.key, each.kind, each.heading, each.text, each.after) for each in changes
        ),
        plan=tuple(PlanSection(title, sentences) for title, sentences in sections),
    )


def draft_terms(year: MeasurementYear) -> dict[str, Any]:
    """Write the terms as an agreement prints them: before anybody signed."""
    return {**terms_document(year), "signed_on": None}


def is_current(version: AgreementVersion, year: MeasurementYear) -> bool:
    """Say whether a version still prints what it was made from; eight queries.

    That is the text, the terms of the year, what the agreement says of itself, and the days of
    its committee.
    """
    agreement = version.agreement
    says_so = _says(version.document, facts_of(agreement))
    now = agreement.program.comment_days
    says_so = says_so and version.document.get("days", {}).get("comment_days", now) == now
    says_so = says_so and not has_changed_since(version)
    return says_so and sha256_of(draft_terms(year)) == version.terms_sha256


def has_changed_since(version: AgreementVersion) -> bool:
    """Say whether a clause was changed after a version was made; one query."""
    return version.agreement.changes.filter(made_at__gt=version.made_at).exists()


def _says(document: dict[str, Any], facts: AgreementFacts) -> bool:
    """Hold parties, term, law and counted days of a version against those of the agreement."""
    hospital, physicians = document["parties"]
    term = {"start": facts.term.start.isoformat(), "end": facts.term.end.isoformat()}
    return (
        (document["title"], document["term"], document["state"]) == (facts.title, term, facts.state)
        and (hospital["name"], hospital["about"]) == (facts.hospital, owner_of(facts.facility))
        and (hospital.get("address", ""), physicians.get("address", ""))
        == (facts.hospital_address, facts.physicians_address)
        and facts.counting(document.get("days", {})).counted == facts.counted
    )
