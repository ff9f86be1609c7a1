"""The scorecards count what the README of the data publishes.

Readmission leaves out deaths and hospice; a stay whose disposition is not known is not excluded.
"""

from fractions import Fraction

from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import current_scorecard
from tests.worlds import LAKESHORE, RIVERSIDE, hand_in, the_year


def scorecard_of(tenant):
    with tenant_scope(tenant.pk):
        document = current_scorecard(the_year(tenant)).document
    return {result["slug"]: result for result in document["indicators"]}, document["score"]


def mean_of(tally):
    return Fraction(tally["numerator_sum"]) / tally["observations"]


def four_places(value):
    return f"{float(value):.4f}"


def test_riversides_stays_give_the_published_cardiology_counts(riverside):
    upload = hand_in(riverside, RIVERSIDE.program.extract)

    results, _ = scorecard_of(riverside)
    readmission = results["readmission-30-day"]["tally"]
    hba1c = results["hba1c-measured"]["tally"]
    days = results["average-length-of-stay"]["tally"]

    assert (upload.status, upload.rows) == ("accepted", 12_367)
    assert readmission["initial_population"] == 5_352
    assert readmission["denominator_exclusions"] == 56 + 17
    assert (readmission["numerator"], readmission["not_met"]) == (424, 5_279 - 424)
    assert results["readmission-30-day"]["rate"] == "424/5279"
    assert (hba1c["numerator"], hba1c["denominator"]) == (785, 5_352)
    assert days["observations"] == 5_352
    assert four_places(mean_of(days)) == "3.5256"


def test_riversides_dollars_are_its_tiers_times_its_weights(riverside):
    hand_in(riverside, RIVERSIDE.program.extract)

    results, score = scorecard_of(riverside)

    pool = 187_000_00
    # 424 / 5,279 = 8.0 %: target; 785 / 5,352 = 14.7 %: threshold; 3.53 days: threshold
    readmission = pool * 40 // 100 * 75 // 100
    hba1c = pool * 35 // 100 * 50 // 100
    days = pool * 25 // 100 * 50 // 100
    tiers = {slug: result["score"]["tier"] for slug, result in results.items()}
    assert tiers == {
        "readmission-30-day": "Target",
        "hba1c-measured": "Threshold",
        "average-length-of-stay": "Threshold",
    }
    assert results["readmission-30-day"]["score"]["earned"] == Money(readmission).dollars_text
    assert results["hba1c-measured"]["score"]["earned"] == Money(hba1c).dollars_text
    assert results["average-length-of-stay"]["score"]["earned"] == Money(days).dollars_text
    assert score["earned"] == Money(readmission + hba1c + days).dollars_text
    with tenant_scope(riverside.pk):
        assert Scorecard.objects.get().earned == Money(readmission + hba1c + days)


def test_lakeshores_workbook_gives_the_published_orthopedic_counts(lakeshore):
    upload = hand_in(lakeshore, LAKESHORE.program.extract)

    results, score = scorecard_of(lakeshore)
    readmission = results["readmission-30-day"]["tally"]
    deaths = results["inpatient-mortality"]["tally"]
    days = results["average-length-of-stay"]["tally"]

    assert (upload.status, upload.rows) == ("accepted", 2_633)
    assert results["readmission-30-day"]["rate"] == str(Fraction(151 + 92, 1_392 + 1_230))
    assert readmission["numerator"] == 151 + 92
    assert readmission["numerator"] + readmission["not_met"] == 1_392 + 1_230
    assert (deaths["numerator"], deaths["denominator"]) == (6 + 2, 1_400 + 1_233)
    assert days["observations"] == 1_400 + 1_233
    assert four_places(mean_of(days)) == four_places(Fraction(5_573 + 4_832, 2_633))
    # 243 / 2,622 = 9.3 %: threshold; 8 / 2,633 = 0.30 %: target; 3.95 days: threshold
    pool = 150_000_00
    earned = pool * 50 // 100 // 2 + pool * 20 // 100 * 3 // 4 + pool * 30 // 100 // 2
    assert score["earned"] == Money(earned).dollars_text
