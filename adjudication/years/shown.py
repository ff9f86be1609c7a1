"""What an adjudicated year shows to whoever writes the program's next agreement."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from adjudication.compensation.effective import effective_rates
from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.steps import Step
from agreements.lint.earlier import HoursPaid, Reached, Stage, YearShown
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import fraction_from_text

Document = Mapping[str, Any]
WHOLE = 1


def shown(years: Collection[UUID]) -> dict[UUID, YearShown]:
    """Read what years showed by their newest snapshots, in one query; without one, it is absent."""
    signed = SignOff.objects.filter(snapshot=OuterRef("pk"))
    reviewed = signed.filter(step=Step.REVIEW, decision=Decision.APPROVED)
    deficient = Hold.objects.filter(
        year=OuterRef("year"), cause=Cause.DEFICIENCY, release=None
    ).order_by("due_on")
    snapshots = Snapshot.objects.filter(year__in=years).order_by("year_id", "-number")
    rows = snapshots.distinct("year_id").annotate(
        is_reviewed=Exists(reviewed),
        is_returned=Exists(signed.filter(decision=Decision.RETURNED)),
        open_until=ArraySubquery(deficient.values_list("due_on")),
    )
    return {row.year_id: _shown(row) for row in rows}


def _shown(row: Any) -> YearShown:
    document = json.loads(row.canonical)
    terms = document["inputs"]["terms"]
    is_known = row.is_reviewed and not row.is_returned
    return YearShown(
        period=str(Period(*(date.fromisoformat(terms["period"][end]) for end in ("start", "end")))),
        stage=Stage.REVIEWED if is_known else Stage.FROZEN,
        sha256=row.sha256,
        reached=tuple(_reached(document)),
        hours=tuple(
            HoursPaid(each.label, each.payee, each.paid, each.approved_minutes, each.high)
            for each in effective_rates(document)
        ),
        worked=_worked(document),
        open_until=tuple(row.open_until),
    )


def _reached(document: Document) -> Iterator[Reached]:
    """Hold what each indicator earned against the most that its goals offer.

    That is the share of the best tier; where a scoring plan pays, all of its points.
    """
    agreed = {each["slug"]: each for each in document["inputs"]["terms"]["indicators"]}
    for each in document["result"]["scorecard"]["indicators"]:
        tiers = agreed[each["slug"]]["tiers"]
        most = max((fraction_from_text(tier["share"]) for tier in tiers), default=WHOLE)
        share = None if each["score"]["reason"] else fraction_from_text(each["score"]["share"])
        yield Reached(
            slug=each["slug"],
            title=each["title"],
            tier=each["score"]["tier"] or "",
            share=share,
            is_most=share is not None and share >= most,
        )


def _worked(document: Document) -> int | None:
    """Add up the approved minutes of a year that pays its duties by the hour alone."""
    terms = document["inputs"]["terms"]
    hourly = {each["number"] for each in terms.get("components", ()) if each["kind"] == "hourly"}
    if not hourly or Money.from_dollars(terms["pay"]["fixed_fee"]) != Money(0):
        return None
    work = document["inputs"].get("work", ())
    minutes: int = sum(total.get("minutes", 0) for total in work if total["component"] in hourly)
    return minutes
