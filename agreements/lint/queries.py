"""Gathering the facts of a version: from its document, and from what the program has on file."""

from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from agreements.credentials.freshness import screening_gaps
from agreements.credentials.queries import (
    entity_searched,
    searched,
    with_entities,
    with_searches,
)
from agreements.drafting.document import from_document
from agreements.drafting.models import AgreementStatus, AgreementVersion
from agreements.lint.document import Waived, Weighed
from agreements.lint.facts import LintFacts
from agreements.lint.models import FindingWaiver, LintRun, WaiverOutcome
from agreements.lint.rules import run_rules
from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.terms.completeness import gaps, pay_gaps
from agreements.valuations.models import Memo
from agreements.valuations.queries import opinion_triggers


def facts_of(version: AgreementVersion, *, today: date) -> LintFacts:
    """Gather what the rules look at, in seven queries."""
    agreement, document = version.agreement, from_document(version.document)
    terms, program = document.terms, agreement.program
    of_pay = pay_gaps(terms)
    entity = entity_searched(with_entities(Program.objects.filter(pk=program.pk)).get())
    people = [
        searched(each)
        for each in with_searches(Participant.objects.filter(program=program))
        if each.left_on is None or each.left_on > today
    ]
    return LintFacts(
        today=today,
        begins_on=date.fromisoformat(document.begins_on),
        ends_on=date.fromisoformat(document.ends_on),
        clauses=frozenset(clause.key for clause in document.clauses),
        terms=terms,
        is_executed=agreement.status in (AgreementStatus.EXECUTED, AgreementStatus.ENDED),
        is_bond_financed=agreement.is_bond_financed,
        pay_gaps=tuple(of_pay),
        term_gaps=tuple(gap for gap in gaps(terms) if gap not in of_pay),
        stale=tuple(
            (trigger.rule, trigger.reason, trigger.is_over)
            for opinion, found in opinion_triggers(program, today=today)
            if str(opinion.pk) == terms["opinion"]["id"]
            for trigger in found
        ),
        screening_gaps=tuple(screening_gaps([entity, *people], today=today)),
        memo_on=Memo.objects.filter(program=program).values_list("approved_on", flat=True).first(),
    )


def weighed(version: AgreementVersion, *, today: date) -> list[Weighed]:
    """List what the rules find in a version on a day, in order of what to do, with its waivers."""
    waivers = waivers_of(version)
    listed = [Weighed(finding) for finding in run_rules(facts_of(version, today=today))]
    return [
        replace(each, waived=_waived(waivers[each.key])) if each.key in waivers else each
        for each in listed
    ]


def waivers_of(version: AgreementVersion) -> dict[str, FindingWaiver]:
    """Find the waivers of a version that count, by the key of the finding; one query."""
    newest: dict[str, FindingWaiver] = {}
    for each in version.waivers.select_related("decided_by").order_by("number"):
        newest[each.key] = each
    return {key: each for key, each in newest.items() if each.outcome == WaiverOutcome.WAIVED}


def runs_of(version: AgreementVersion) -> QuerySet[LintRun]:
    """List what was kept of the findings of a version, the newest first."""
    return LintRun.objects.select_related("ran_by").filter(version=version)


def _waived(waiver: FindingWaiver) -> Waived:
    return Waived(waiver.decided_by.name, waiver.decided_at, waiver.reason)
