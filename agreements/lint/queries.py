"""Gathering the facts of a version: from its document, and from what the program has on file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agreements.contracts.models import CHANGES, Contract
from agreements.credentials.freshness import screening_found
from agreements.credentials.queries import entity_searched, searched, with_entities
from agreements.drafting.document import from_document
from agreements.drafting.models import (
    AgreementStatus,
    AgreementVersion,
    ChangeKind,
    ClauseChange,
)
from agreements.drafting.words import STATES
from agreements.governance.models import CommitteeSeat, Disclosure
from agreements.lint import gathering
from agreements.lint.document import Waived, Weighed
from agreements.lint.earlier import years_shown
from agreements.lint.facts import LintFacts, Worked
from agreements.lint.models import FindingWaiver, LintRun, WaiverOutcome
from agreements.lint.people import contracts, participants, told_apart
from agreements.lint.rules import run_rules
from agreements.participants.models import Participant
from agreements.programs.models import AlignmentModel, Program
from agreements.terms.completeness import gaps, pay_gaps, why_unpayable, without_evidence
from agreements.terms.models import MeasurementYear
from agreements.valuations.models import Memo, Opinion
from agreements.valuations.queries import triggers_of
from agreements.work.queries import approved_entries
from indicators.measure.definition import Definition


def facts_of(version: AgreementVersion, *, today: date) -> LintFacts:
    """Gather what the rules look at, in seven queries.

    In one more each where hours are held against it, and where signed years came before.
    """
    agreement, document = version.agreement, from_document(version.document)
    terms, program = dict(document.terms), agreement.program
    begins_on = date.fromisoformat(document.begins_on)
    opinions = list(program.opinions.all())
    everybody = participants(program)
    people = [each for each in everybody if each.program_id == program.pk]
    here = [each for each in people if each.left_on is None or each.left_on > today]
    years = _years({program.pk, *(each.program_id for each in everybody)})
    own = [each for each in years if each.program_id == program.pk]
    register = contracts(program, everybody)
    elsewhere = partial(
        gathering.elsewhere,
        agreement,
        begins_on=begins_on,
        duties=terms.get("duties", ()),
        listed={each.program_id for each in register if each.program_id},
    )
    physicians, families = told_apart(program, everybody, years, register)
    on_file = _on_file(version, today)
    looked_up = [entity_searched(on_file), *map(searched, here)]
    lapsed, unlicensed = gathering.license_gaps(here, today=today)
    definitions = [Definition.from_document(each["definition"]) for each in terms["indicators"]]
    seats = vars(on_file)["sitting"]
    of_pay = pay_gaps(terms)
    said = {*of_pay, *map(without_evidence, definitions)}
    return LintFacts(
        today=today,
        begins_on=begins_on,
        ends_on=date.fromisoformat(document.ends_on),
        clauses=frozenset(clause.key for clause in document.clauses),
        rewritten=frozenset(
            each["key"] for each in vars(on_file)["changed"] if each["kind"] == ChangeKind.REPLACE
        ),
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
        has_opinion_paper=any(
            str(each.pk) == terms["opinion"]["id"] and each.document_id for each in opinions
        ),
        stale=_stale(version, opinions, own, people, register, today),
        worked=_worked(own, terms, today),
        undecided_sheets=sum(vars(each)["undecided"] for each in own),
        screening_gaps=tuple(screening_found(looked_up, today=today)),
        lapsed=lapsed,
        unlicensed=unlicensed,
        without_letter=gathering.without_letter(
            here if program.alignment_model == AlignmentModel.EMPLOYMENT else (),
            register,
            begins_on=begins_on,
        ),
        memo=gathering.memo_facts(vars(on_file)["memo"], people),
        elsewhere=elsewhere(physicians),
        families=elsewhere(families),
        unchanged_goals=gathering.unchanged_goals(terms, own),
        earlier_years=years_shown({each.pk: each.period for each in gathering.earlier(terms, own)}),
        has_outside_member=any(each["outside"] for each in seats),
        undisclosed=tuple(each["name"] for each in seats if not each["disclosed"]),
    )


def _on_file(version: AgreementVersion, today: date) -> Program:
    """Read the searches for the program's group, its newest memo and its committee; one query.

    And what the program did last to each clause of the version.
    """
    program = version.agreement.program
    changes = (
        ClauseChange.objects.filter(agreement=version.agreement_id, made_at__lte=version.made_at)
        .exclude(kind=ChangeKind.MOVE)
        .order_by("key", "-number")
        .distinct("key")
        .values(done=JSONObject(key="key", kind="kind"))
    )
    memos = Memo.objects.filter(program=OuterRef("pk"))
    memo = JSONObject(**{name: F(name) for name in gathering.OF_MEMO})
    newest = Subquery(memos.values_list(memo)[:1])
    on_file = with_entities(Program.objects.filter(pk=program.pk))
    return on_file.annotate(
        memo=newest, sitting=ArraySubquery(_seats(today)), changed=ArraySubquery(changes)
    ).get()


def _seats(today: date) -> QuerySet[CommitteeSeat, Any]:
    """List who sits on a program's committee: whether from outside, and who disclosed this year."""
    disclosed = Disclosure.objects.filter(seat=OuterRef("pk"), year=today.year)
    is_there = Q(sits_until=None) | Q(sits_until__gt=today)
    rows = CommitteeSeat.objects.filter(is_there, program=OuterRef("pk"), sits_from__lte=today)
    seat = JSONObject(name=F("name"), outside=F("is_outside_group"), disclosed=Exists(disclosed))
    return rows.order_by("name").values_list(seat)


def _years(programs: set[UUID]) -> list[MeasurementYear]:
    """List the years of some programs, the earliest first, with their duties; two queries."""
    undecided = Count("work_sheets", filter=Q(work_sheets__decision=None), distinct=True)
    rows = MeasurementYear.objects.select_related("program").filter(program__in=programs)
    waiting = rows.annotate(undecided=undecided).prefetch_related("duties")
    return list(waiting.order_by("starts_on"))


def _stale(
    version: AgreementVersion,
    opinions: Sequence[Opinion],
    years: Sequence[MeasurementYear],
    people: Sequence[Participant],
    register: Sequence[Contract],
    today: date,
) -> tuple[tuple[str, str, bool], ...]:
    """Read what makes the opinion of the terms stale; changes are those of the register."""
    program, opinion_id = version.agreement.program, version.document["terms"]["opinion"]["id"]
    changed_on = [
        event.effective_on
        for contract in register
        if contract.program_id == program.pk
        for event in contract.events.all()
        if event.kind in CHANGES
    ]
    found = triggers_of(
        opinions,
        years=years,
        participants=people,
        today=today,
        changed_on=changed_on,
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
    return weigh(version, facts_of(version, today=today))


def weigh(version: AgreementVersion, facts: LintFacts) -> list[Weighed]:
    """List what the rules find in the facts of a version, as `weighed` does; one query."""
    waivers = waivers_of(version)
    listed = [Weighed(finding) for finding in run_rules(facts)]
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
