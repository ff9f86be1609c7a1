"""The terms of a year as one document: what is hashed at lock, and what everything else reads.

All amounts are dollars as text, all rates exact text, so that the document hashes the same
on every machine.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from agreements.components.document import component_document
from agreements.components.models import ComponentKind
from agreements.components.queries import components_of
from agreements.duties.document import duty_document
from agreements.duties.queries import duties_of
from agreements.participants.document import roster_document
from agreements.terms.models import AgreedIndicator, EarlyEnd, MeasurementYear, Tier, YearStatus
from agreements.valuations.models import Opinion
from comanage.values.rounding import exact_text

SCHEMA = "comanage.terms/1"
LEAST_MONTHS = 6


def terms_document(year: MeasurementYear) -> dict[str, Any]:
    """Gather the year's terms; eight queries."""
    program, opinion = year.program, year.opinion
    components = [component_document(each) for each in components_of(year)]
    duties = [duty_document(each) for each in duties_of(year)]
    previous = previous_baselines(year)
    has_plan = year.scoring_plan is not None
    return {
        "schema": SCHEMA,
        "program": {
            "id": str(program.pk),
            "name": program.name,
            "service_line": program.service_line,
            "alignment_model": program.alignment_model,
            "group": program.group.name,
        },
        "period": {"start": year.starts_on.isoformat(), "end": year.ends_on.isoformat()},
        "signed_on": year.signed_on.isoformat() if year.signed_on else None,
        "opinion": {
            "id": str(opinion.pk),
            "valuator": opinion.valuator,
            "opined_on": opinion.opined_on.isoformat(),
            "valid_from": opinion.valid_from.isoformat(),
            "valid_until": opinion.valid_until.isoformat(),
            "fixed": opinion.fixed.dollars_text,
            "incentive": opinion.incentive.dollars_text,
            "total": opinion.total.dollars_text,
            **_further(opinion),
        },
        "pay": _pay(year),
        **({"early_end": rule} if (rule := early_end_rule(year.early_end)) else {}),
        **({"components": components} if components else {}),
        **({"duties": duties} if duties else {}),
        **({"allocation": year.allocation} if year.allocation is not None else {}),
        "scope": year.scope,
        "missing_rule": year.missing_rule,
        "participants": roster_document(program),
        "indicators": [
            _indicator(agreed, previous.get(agreed.version.indicator.slug), has_plan=has_plan)
            for agreed in year.indicators.select_related("version__indicator").prefetch_related(
                "tiers"
            )
        ],
        **({"scoring_plan": year.scoring_plan} if has_plan else {}),
    }


def previous_baselines(year: MeasurementYear) -> dict[str, Mapping[str, Any]]:
    """Read the baselines by slug that the program's year before these terms was signed with."""
    before = (
        MeasurementYear.objects.filter(program=year.program_id, starts_on__lt=year.starts_on)
        .exclude(status=YearStatus.DRAFT)
        .order_by("-starts_on")
        .values_list("terms", flat=True)
        .first()
    )
    indicators = before["indicators"] if before else ()
    return {indicator["slug"]: indicator["baseline"] for indicator in indicators}


def early_end_rule(early_end: str) -> dict[str, Any] | None:
    """Write what is due of the incentive of a year that ends early; None where nobody said.

    Fixed amounts of such a year are always due by its months and days, work as it was done.
    """
    if early_end == EarlyEnd.BY_DAYS:
        return {"incentive": early_end, "least_months": LEAST_MONTHS}
    return {"incentive": early_end} if early_end == EarlyEnd.NONE else None


def _pay(year: MeasurementYear) -> dict[str, str]:
    """Write the pay; a share to be paid on account only where one was agreed."""
    pay = {
        "fixed_fee": year.fixed_fee.dollars_text,
        "incentive_pool": year.incentive_pool.dollars_text,
    }
    if year.estimate_share is not None:
        pay["incentive_estimate"] = exact_text(Fraction(year.estimate_share))
    return pay


def _further(opinion: Opinion) -> dict[str, Any]:
    """Write what an opinion says of further parts of pay; nothing where it is silent."""
    caps = {kind: getattr(opinion, kind) for kind in ComponentKind.values}
    hourly, wrvu = opinion.hourly_low, opinion.wrvu_low
    further = {
        "caps": {kind: cap.dollars_text for kind, cap in caps.items() if cap is not None},
        "hourly_range": hourly is not None
        and opinion.hourly_high is not None
        and {"low": hourly.dollars_text, "high": opinion.hourly_high.dollars_text},
        "wrvu_range": wrvu is not None
        and opinion.wrvu_high is not None
        and {"low": _rate(wrvu), "high": _rate(opinion.wrvu_high)},
        "basis": opinion.basis,
        "assumed_minutes": opinion.assumed_minutes,
        "percentile": opinion.percentile,
        "all_agreements": opinion.all_agreements and opinion.all_agreements.dollars_text,
    }
    return {name: said for name, said in further.items() if said}


def _rate(dollars: Decimal) -> str:
    return exact_text(Fraction(dollars))


def _indicator(
    agreed: AgreedIndicator, previous: Mapping[str, Any] | None, *, has_plan: bool
) -> dict[str, Any]:
    """Write an indicator; weight and tiers only where no plan pays instead of them."""
    tiers = [] if has_plan else list(agreed.tiers.all())
    years = sorted({tier.year_number for tier in tiers} - {1})
    return {
        "slug": agreed.version.indicator.slug,
        "version": agreed.version.number,
        "definition": agreed.version.document,
        "definition_sha256": agreed.version.sha256,
        **({} if has_plan else {"weight": agreed.weight}),
        **({"obp_class": agreed.outcome_class} if agreed.outcome_class else {}),
        **({"data_source": agreed.data_source} if agreed.data_source else {}),
        "minimum_cases": agreed.minimum_cases,
        "compare_places": agreed.compare_places,
        "baseline": _baseline(agreed, previous),
        "tiers": _tiers(tiers, 1),
        "later_goals": [{"year": number, "tiers": _tiers(tiers, number)} for number in years],
    }


def _baseline(agreed: AgreedIndicator, previous: Mapping[str, Any] | None) -> dict[str, Any]:
    period = agreed.baseline_period
    return {
        "numerator": exact_text(Fraction(agreed.baseline_numerator)),
        "denominator": exact_text(Fraction(agreed.baseline_denominator)),
        "source": agreed.baseline_source,
        "period": period and {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "sha256": agreed.baseline_sha256,
        "scope": agreed.baseline_scope,
        "previous": previous and {part: previous[part] for part in ("numerator", "denominator")},
        "rebase_reason": agreed.rebase_reason,
    }


def _tiers(tiers: Iterable[Tier], year_number: int) -> list[dict[str, str]]:
    return [
        {
            "name": tier.name,
            "goal": exact_text(Fraction(tier.goal)),
            "share": exact_text(Fraction(tier.share)),
        }
        for tier in tiers
        if tier.year_number == year_number
    ]
