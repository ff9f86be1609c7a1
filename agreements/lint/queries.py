"""Gathering the facts of a version: from its document, and from what the program has on file."""

from datetime import date

from agreements.credentials.freshness import screening_gaps
from agreements.credentials.queries import searched, with_searches
from agreements.drafting.document import from_document
from agreements.drafting.models import AgreementStatus, AgreementVersion
from agreements.lint.facts import LintFacts
from agreements.lint.rules import Finding, run_rules
from agreements.participants.models import Participant
from agreements.terms.completeness import gaps, pay_gaps
from agreements.valuations.models import Memo
from agreements.valuations.queries import opinion_triggers


def facts_of(version: AgreementVersion, *, today: date) -> LintFacts:
    """Gather what the rules look at, in six queries."""
    agreement, document = version.agreement, from_document(version.document)
    terms, program = document.terms, agreement.program
    of_pay = pay_gaps(terms)
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
        screening_gaps=tuple(screening_gaps(people, today=today)),
        memo_on=Memo.objects.filter(program=program).values_list("approved_on", flat=True).first(),
    )


def findings_of(version: AgreementVersion, *, today: date) -> list[Finding]:
    """List what the rules find in a version on a day, in order of what to do."""
    return run_rules(facts_of(version, today=today))
