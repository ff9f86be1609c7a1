"""Gathering the facts of a version: from its document, and from what the program has on file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agreements.contracts.facts import kind_of
from agreements.contracts.models import Contract, ContractEventKind, Relation
from agreements.credentials.freshness import screening_found
from agreements.credentials.models import License
from agreements.credentials.queries import (
    entity_searched,
    searched,
    with_entities,
    with_searches,
)
from agreements.drafting.document import from_document
from agreements.drafting.models import AgreementStatus, AgreementVersion
from agreements.drafting.words import STATES
from agreements.governance.models import CommitteeSeat, Disclosure
from agreements.lint import gathering
from agreements.lint.document import Waived, Weighed
from agreements.lint.facts import LintFacts, Worked
from agreements.lint.models import FindingWaiver, LintRun, WaiverOutcome
from agreements.lint.rules import run_rules
from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.terms.completeness import gaps, pay_gaps, why_unpayable, without_evidence
from agreements.terms.models import MeasurementYear
from agreements.valuations.models import Memo
from agreements.valuations.queries import triggers_of
from agreements.work.queries import approved_entries
from indicators.measure.definition import Definition


def facts_of(version: AgreementVersion, *, today: date) -> LintFacts:
    """Gather what the rules look at, in nine queries; one more where hours are held against it."""
    agreement, document = version.agreement, from_document(version.document)
    terms, program = dict(document.terms), agreement.program
    begins_on = date.fromisoformat(document.begins_on)
    everywhere = _participants(program)
    people = [each for each in everywhere if each.program_id == program.pk]
    here = [each for each in people if each.left_on is None or each.left_on > today]
    years = _years({program.pk, *(each.program_id for each in everywhere)})
    own = [each for each in years if each.program_id == program.pk]
    contracts = _contracts(program, everywhere)
    on_file = _on_file(program)
    looked_up = [entity_searched(on_file), *map(searched, here)]
    lapsed, unlicensed = gathering.license_gaps(here, _licenses(here), today=today)
    definitions = [Definition.from_document(each["definition"]) for each in terms["indicators"]]
    seats = _seats(program, today)
    of_pay = pay_gaps(terms)
    said = {*of_pay, *map(without_evidence, definitions)}
    return LintFacts(
        today=today,
        begins_on=begins_on,
        ends_on=date.fromisoformat(document.ends_on),
        clauses=frozenset(clause.key for clause in document.clauses),
        exhibits=frozenset(exhibit.title for exhibit in document.exhibits),
        terms=terms,
        is_executed=agreement.status in (AgreementStatus.EXECUTED, AgreementStatus.ENDED),
        is_bond_financed=agreement.is_bond_financed,
        renewal=agreement.renewal,
        path=agreement.path,
        state=STATES.get(document.state, document.state),
        pay_gaps=tuple(of_pay),
        term_gaps=tuple(gap for gap in gaps(terms) if gap not in said),
        unpayable=tuple((each.title, why) for each in definitions if (why := why_unpayable(each))),
        stale=_stale(version, own, people, contracts, today),
        worked=_worked(own, terms, today),
        undecided_sheets=sum(vars(each)["undecided"] for each in own),
        screening_gaps=tuple(screening_found(looked_up, today=today)),
        lapsed=lapsed,
        unlicensed=unlicensed,
        memo=gathering.memo_facts(vars(on_file)["memo"], people),
        elsewhere=gathering.elsewhere(
            program,
            begins_on=begins_on,
            years=years,
            contracts=contracts,
            duties=terms.get("duties", ()),
            kind=kind_of(program),
        ),
        unchanged_goals=gathering.unchanged_goals(terms, own),
        earlier_years=tuple(str(each.period) for each in gathering.earlier(terms, own)),
        has_outside_member=any(each.is_outside_group for each in seats),
        undisclosed=tuple(each.name for each in seats if not vars(each)["has_disclosed"]),
    )


def _on_file(program: Program) -> Program:
    """Read the searches for the program's group, and its newest memo, in one query."""
    memos = Memo.objects.filter(program=OuterRef("pk"))
    memo = JSONObject(**{name: F(name) for name in gathering.OF_MEMO})
    newest = Subquery(memos.values_list(memo)[:1])
    return with_entities(Program.objects.filter(pk=program.pk)).annotate(memo=newest).get()


def _participants(program: Program) -> list[Participant]:
    """List who takes part in the program, and where else they do, with their searches."""
    physicians = Participant.objects.filter(program=program).order_by()
    everywhere = Participant.objects.filter(physician__in=physicians.values("physician"))
    return list(with_searches(everywhere))


def _years(programs: set[UUID]) -> list[MeasurementYear]:
    """List the years of some programs, the earliest first, with their duties; two queries."""
    undecided = Count("work_sheets", filter=Q(work_sheets__decision=None), distinct=True)
    rows = MeasurementYear.objects.select_related("program").filter(program__in=programs)
    waiting = rows.annotate(undecided=undecided).prefetch_related("duties")
    return list(waiting.order_by("starts_on"))


def _contracts(program: Program, everywhere: Sequence[Participant]) -> list[Contract]:
    """List the contracts with the group, its physicians or their programs; two queries."""
    physicians = {each.physician_id for each in everywhere}
    of_them = Contract.objects.filter(
        people__physician__in=physicians, people__relation=Relation.PARTY
    )
    related = Contract.objects.filter(
        Q(group=program.group_id)
        | Q(party__iexact=program.group.name)
        | Q(program__in={each.program_id for each in everywhere})
        | Q(pk__in=of_them.order_by().values("pk"))
    )
    return list(related.prefetch_related("events"))


def _licenses(people: Sequence[Participant]) -> QuerySet[License]:
    return License.objects.filter(physician__in=[each.physician_id for each in people])


def _seats(program: Program, today: date) -> list[CommitteeSeat]:
    """List who sits on the committee, each with whether they disclosed for this calendar year."""
    disclosed = Disclosure.objects.filter(seat=OuterRef("pk"), year=today.year)
    rows = CommitteeSeat.objects.filter(program=program)
    return [each for each in rows.annotate(has_disclosed=Exists(disclosed)) if each.sits_on(today)]


def _stale(
    version: AgreementVersion,
    years: Sequence[MeasurementYear],
    people: Sequence[Participant],
    contracts: Sequence[Contract],
    today: date,
) -> tuple[tuple[str, str, bool], ...]:
    """Read what makes the opinion of the terms stale; amendments are those of the register."""
    program, opinion_id = version.agreement.program, version.document["terms"]["opinion"]["id"]
    amended_on = [
        event.effective_on
        for contract in contracts
        if contract.program_id == program.pk
        for event in contract.events.all()
        if event.kind == ContractEventKind.AMENDED
    ]
    found = triggers_of(
        list(program.opinions.all()),
        years=years,
        participants=people,
        today=today,
        amended_on=amended_on,
    )
    return tuple(
        (trigger.rule, trigger.reason, trigger.is_over)
        for opinion, triggers in found
        if str(opinion.pk) == opinion_id
        for trigger in triggers
    )


def _worked(
    years: Sequence[MeasurementYear], terms: dict[str, Any], today: date
) -> tuple[Worked, ...]:
    """Hold the running year's hours against the opinion, where duties are paid by the hour."""
    assumed = terms["opinion"].get("assumed_minutes")
    running = [
        each for each in years if today >= each.starts_on and gathering.hours_alone(each, terms)
    ]
    if not assumed or not running:
        return ()
    year = running[-1]
    return gathering.worked_by_quarter(year, approved_entries([year.pk]), assumed, today=today)


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
