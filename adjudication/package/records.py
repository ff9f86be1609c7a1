"""The year's records as they travel inside its report: read from the database as of one instant.

What the dollars depend on is in the snapshot. Here stands how the year was conducted: what held
it, what the reviewer found, what the committee said, which files came when, what was restated,
which contracts stood behind it, what the ledger says.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from adjudication.committee.queries import window_of
from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold
from adjudication.holds.queries import is_open
from adjudication.payments.queries import entries_of_year
from adjudication.reviews.presenters import sample_words
from adjudication.reviews.queries import record_of
from adjudication.reviews.record import IndicatorRecord
from adjudication.reviews.sampling import RULE
from adjudication.verifying.enclosed import RECORDS_SCHEMA
from adjudication.years.figures import figures_of
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.queries import promised_files
from adjudication.years.steps import Step
from agreements.contracts.models import Contract, ContractEventKind
from agreements.contracts.queries import contracts, happening
from agreements.contracts.standing import standing
from agreements.credentials.models import License, Screening
from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.signing.models import ExecutedCopy
from agreements.terms.models import MeasurementYear
from comanage.identity.roles import Role
from comanage.values.period import Period
from scorecards.restatements.models import Restatement, RestatementState

Row = dict[str, Any]


def records_document(snapshot: Snapshot, *, as_of: datetime) -> Row:
    """Gather the records of a snapshot's year, in nineteen queries at most."""
    year = snapshot.year
    document = json.loads(snapshot.canonical)
    return {
        "schema": RECORDS_SCHEMA,
        "snapshot_sha256": snapshot.sha256,
        "as_of": _instant(as_of),
        "frozen": {"by": snapshot.frozen_by.name, "at": _instant(snapshot.frozen_at)},
        "holds": _holds(year, as_of),
        "committee": _committee(snapshot, as_of),
        "review": _review(snapshot, document, as_of),
        "files": _files(snapshot, document, as_of),
        "restatements": _restatements(year, as_of),
        "people": _people(year, as_of),
        "contracts": _contracts(year, as_of),
        "group": _group(year, document, as_of),
        "ledger": _ledger(year, as_of),
    }


def _holds(year: MeasurementYear, as_of: datetime) -> list[Row]:
    """Write what people named as holding the year, and how each ended."""
    titles = {
        agreed["slug"]: agreed["definition"]["title"]
        for agreed in (year.terms or {"indicators": []})["indicators"]
    }
    named = year.holds.select_related("opened_by", "release__released_by")
    return [
        {
            "cause": Cause(hold.cause).label,
            "about": titles.get(hold.indicator, ""),
            "what": hold.what,
            "owner": Role(hold.owner).label,
            "due_on": hold.due_on.isoformat(),
            "opened_by": hold.opened_by.name,
            "opened_at": _instant(hold.opened_at),
            **_release(hold, as_of),
        }
        for hold in named.filter(opened_at__lte=as_of)
    ]


def _release(hold: Hold, as_of: datetime) -> Row:
    if is_open(hold) or hold.release.released_at > as_of:
        return {}
    return {
        "outcome": hold.release.get_outcome_display(),
        "answer": hold.release.answer,
        "released_by": hold.release.released_by.name,
        "released_at": _instant(hold.release.released_at),
    }


def _committee(snapshot: Snapshot, as_of: datetime) -> Row | None:
    """Write who was asked to comment and what was said; None where nobody was asked yet."""
    window = window_of(snapshot.pk)
    if window is None or window.opened_at > as_of:
        return None
    return {
        "opened_at": _instant(window.opened_at),
        "last_day": window.last_day.isoformat(),
        "closes_at": _instant(window.closes_at),
        "members": [
            {
                "name": asked.name,
                "role": asked.role.label,
                "comments": [
                    {"text": said.text, "is_last": said.is_last, "said_at": _instant(said.said_at)}
                    for said in asked.comments
                    if said.said_at <= as_of
                ],
            }
            for asked in window.asked
        ],
    }


def _review(snapshot: Snapshot, document: Row, as_of: datetime) -> Row | None:
    """Write what the reviewer recorded; None before the signature, and of reviews of before."""
    approved = SignOff.objects.filter(step=Step.REVIEW, decision=Decision.APPROVED)
    signed = approved.filter(snapshot=snapshot, signed_at__lte=as_of).first()
    if signed is None or not signed.statement:
        return None
    figures = figures_of(document)
    record = record_of(snapshot, {slug: figure.title for slug, figure in figures.items()})
    return {
        "statement": signed.statement,
        "sampling": RULE,
        "indicators": [_reviewed(each) for each in record.indicators],
    }


def _reviewed(each: IndicatorRecord) -> Row:
    finding, marks = each.finding, each.marks
    return {
        "slug": each.slug,
        "title": each.title,
        **(
            {
                "is_match": finding.is_match,
                "method": finding.method,
                "reported": finding.reported,
                "found": finding.found,
                "note": finding.note,
                "recorded_by": finding.by,
                "recorded_at": _instant(finding.at),
            }
            if finding
            else {}
        ),
        "sample": {
            "cases": marks.cases,
            "size": marks.size,
            "agrees": marks.agrees,
            "differs": marks.differs,
            "not_found": marks.not_found,
        }
        if marks
        else None,
        "charts": sample_words(marks),
    }


def _files(snapshot: Snapshot, document: Row, as_of: datetime) -> list[Row]:
    """Copy which files were promised; a snapshot of before does not say it, the feeds do."""
    if "beside" in document:
        files: list[Row] = document["beside"]["files"]
        return files
    zone = snapshot.tenant.zone
    return promised_files(snapshot.year, today=as_of.astimezone(zone).date(), zone=zone)


def _people(year: MeasurementYear, as_of: datetime) -> list[Row]:
    """Write who took part in the year, with every search of the lists and the licenses on file."""
    rows = Participant.objects.filter(program=year.program_id, joined_on__lt=year.pay_ends_on)
    there = rows.exclude(left_on__lte=year.starts_on).select_related("physician")
    physicians = {each.physician_id: each.physician for each in there}
    by_then = Q(physician__in=physicians, recorded_at__lte=as_of)
    searches = list(Screening.objects.filter(by_then).order_by("searched_on", "recorded_at"))
    licenses = list(License.objects.filter(by_then))
    return [
        {
            "npi": physician.npi,
            "name": physician.name,
            "searches": [_search(each) for each in searches if each.physician_id == pk],
            "licenses": [
                {"state": each.get_state_display(), "last_day": each.last_day.isoformat()}
                for each in licenses
                if each.physician_id == pk
            ],
        }
        for pk, physician in physicians.items()
    ]


def _contracts(year: MeasurementYear, as_of: datetime) -> list[Row]:
    """Copy from the register the program's contracts of the year, and others with its people."""
    program = year.program
    taking_part = Participant.objects.filter(program=program, joined_on__lt=year.pay_ends_on)
    physicians = taking_part.exclude(left_on__lte=year.starts_on).values("physician")
    concerned = Q(program=program) | Q(group=program.group) | Q(people__physician__in=physicians)
    rows = contracts().filter(concerned, starts_on__lt=year.pay_ends_on, entered_at__lte=as_of)
    executed = ExecutedCopy.objects.filter(executed_at__lte=as_of).select_related("round__version")
    hashes: dict[UUID | None, str] = {
        each.round.agreement_id: each.round.version.sha256 for each in executed
    }
    return [
        row
        for each in rows.distinct()
        if (row := _contract(each, as_of, hashes.get(each.agreement_id, ""), program))
        and (row["over_on"] is None or row["over_on"] > year.starts_on.isoformat())
    ]


def _contract(contract: Contract, as_of: datetime, sha256: str, program: Program) -> Row:
    happened = [each for each in contract.events.all() if each.recorded_at <= as_of]
    stands = standing(
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        signed_on=contract.signed_on,
        happenings=[happening(each) for each in happened],
    )
    return {
        "title": contract.title,
        "kind": contract.get_kind_display(),
        "party": contract.party,
        "is_of_the_program": contract.program_id == program.pk,
        "signed_on": stands.signed_on.isoformat() if stands.signed_on else None,
        "starts_on": stands.began_on.isoformat(),
        "over_on": stands.over_on.isoformat() if stands.over_on else None,
        "amended_on": [
            each.effective_on.isoformat()
            for each in happened
            if each.kind == ContractEventKind.AMENDED
        ],
        "people": [each.physician.name for each in contract.people.all()],
        "document_sha256": sha256,
    }


def _group(year: MeasurementYear, document: Row, as_of: datetime) -> Row:
    """Write every search of the lists for the group as an entity."""
    group = Program.objects.filter(pk=year.program_id).values("group")
    searches = Screening.objects.filter(group__in=group, recorded_at__lte=as_of)
    return {
        "name": document["inputs"]["terms"]["program"]["group"],
        "searches": [_search(each) for each in searches.order_by("searched_on", "recorded_at")],
    }


def _search(each: Screening) -> Row:
    return {
        "list": each.list_name,
        "searched_on": each.searched_on.isoformat(),
        "outcome": each.outcome,
    }


def _restatements(year: MeasurementYear, as_of: datetime) -> list[Row]:
    """Write which days of the closed year were asked to be restated, why, and what was decided."""
    asked = Restatement.objects.select_related("upload", "asked_by", "decided_by").filter(
        upload__feed__uses__program=year.program_id,
        upload__starts_on__gte=year.starts_on,
        upload__ends_on__lte=year.ends_on,
        asked_at__lte=as_of,
    )
    return [
        {
            **_days(Period(each.upload.starts_on, each.upload.ends_on)),
            "reason": each.reason,
            "asked_by": each.asked_by.name,
            "asked_at": _instant(each.asked_at),
            **_decision(each, as_of),
        }
        for each in asked.order_by("asked_at")
    ]


def _decision(restatement: Restatement, as_of: datetime) -> Row:
    if restatement.decided_at is None or restatement.decided_at > as_of:
        return {}
    return {
        "decision": RestatementState(restatement.state).label,
        "decided_by": restatement.decided_by.name if restatement.decided_by else "",
        "decided_at": _instant(restatement.decided_at),
    }


def _ledger(year: MeasurementYear, as_of: datetime) -> list[Row]:
    """Write the year's entries, in order."""
    return [
        {
            "kind": entry.get_kind_display(),
            "side": entry.side,
            "component": entry.component,
            "name": entry.get_component_display(),
            "payee": entry.payee_name,
            **_days(entry.period),
            "amount": entry.amount.dollars_text,
            "recorded_by": entry.recorded_by.name,
            "recorded_at": _instant(entry.recorded_at),
            "paid_on": entry.paid_on.isoformat() if entry.paid_on else None,
            "reference": entry.reference,
        }
        for entry in entries_of_year(year)
        if entry.recorded_at <= as_of
    ]


def _days(period: Period) -> Mapping[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
