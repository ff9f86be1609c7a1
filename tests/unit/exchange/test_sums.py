"""Individual reports add up to one summary, each subject once."""

import pytest

from indicators.exchange.errors import ExchangeError
from indicators.exchange.imports import import_files
from indicators.exchange.json_text import write_json

NAMES = ("report-individual-1.json", "report-individual-2.json", "report-individual-3.json")


@pytest.fixture
def added(tmp_path):
    """Write reports to files and add them up."""

    def do(*reports):
        paths = []
        for number, report in enumerate(reports):
            path = tmp_path / f"r{number}.json"
            path.write_text(write_json(report))
            paths.append(path)
        return import_files(paths, add_up=True)["sum"]

    return do


def test_counts_above_one_are_added_and_the_rate_is_of_the_sums(files):
    total = import_files([files / name for name in NAMES], add_up=True)["sum"]

    (group,) = total["groups"]
    assert total["made_of"] == 3
    assert group["counts"] == {
        "initial_population": 3 + 2 + 1,
        "denominator": 3 + 2 + 1,
        "denominator_exclusions": 1 + 1,
        "denominator_exceptions": 1,
        "numerator": 1 + 1,
    }
    assert group["rate"] == "2/3"


def test_the_order_of_the_reports_does_not_matter(files):
    forward = import_files([files / name for name in NAMES], add_up=True)["sum"]
    backward = import_files([files / name for name in reversed(NAMES)], add_up=True)["sum"]

    assert [(g["counts"], g["rate"]) for g in forward["groups"]] == [
        (g["counts"], g["rate"]) for g in backward["groups"]
    ]


def test_groups_are_matched_by_their_id_and_not_by_their_place(added, example):
    first, second = (example(name) for name in NAMES[:2])
    extra = {**first["group"][0], "id": "group-2"}
    first["group"] = [extra, first["group"][0]]
    second["group"] = [second["group"][0], extra]

    groups = {group["id"]: group["counts"]["numerator"] for group in added(first, second)["groups"]}

    assert groups == {"group-1": 2, "group-2": 2}


def test_strata_are_matched_by_their_value(added, example):
    first, second = (example(name) for name in NAMES[:2])
    for report in (first, second):
        group = report["group"][0]
        group["stratifier"] = [
            {
                "code": [{"text": "payer"}],
                "stratum": [{"value": {"text": "HMO"}, "population": group["population"]}],
            }
        ]

    (group,) = added(first, second)["groups"]

    assert [stratum["counts"]["denominator"] for stratum in group["strata"]] == [5]


def test_one_subject_is_not_counted_twice(added, example):
    first = example(NAMES[0])

    with pytest.raises(ExchangeError, match="the same subject") as refused:
        added(first, first)

    assert "patient01" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"measure": "http://example.org/Measure/episodes|2"}, "another measure or version"),
        ({"period": {"start": "2026-02-01", "end": "2026-02-28"}}, "another period"),
        ({"type": "summary"}, "Only individual reports are added up"),
        ({"subject": None}, "names no subject"),
    ],
)
def test_only_like_reports_are_added_up(added, example, change, said):
    first, second = (example(name) for name in NAMES[:2])

    with pytest.raises(ExchangeError, match=said):
        added(first, second | change)


def test_two_groups_of_the_same_name_cannot_be_matched(added, example):
    first, second = (example(name) for name in NAMES[:2])
    for report in (first, second):
        report["group"] = report["group"] * 2

    with pytest.raises(ExchangeError, match="cannot be told apart"):
        added(first, second)


def test_no_report_adds_up_to_nothing(files):
    with pytest.raises(ExchangeError, match="no individual report"):
        import_files([files / "measure-cohort-in-words.json"], add_up=True)


def test_a_report_that_counts_excluded_cases_as_met_leaves_the_sum_without_a_rate(added, example):
    first, second = (example(name) for name in NAMES[:2])
    first["group"][0]["population"][3]["count"] = 3

    (group,) = added(first, second)["groups"]

    assert (group["rate"], group["not_scored"]) == (None, "counts_do_not_fit")


def test_observations_add_up_by_what_they_are_of(added, example, files, tmp_path):
    paths = []
    for number in range(2):
        report = example("report-ratio-individual.json")
        report["subject"] = {"reference": f"Patient/{number}"}
        paths.append(tmp_path / f"ratio{number}.json")
        paths[-1].write_text(write_json(report))

    total = import_files(
        paths, measure_path=files / "measure-ratio-of-observations.json", add_up=True
    )["sum"]

    (group,) = total["groups"]
    assert (group["performance_numerator"], group["performance_denominator"]) == (2, 18)
    assert group["rate"] == "1/9"


def test_populations_of_their_own_are_added_beside_the_rate(added, example):
    own = {"code": {"coding": [{"system": "urn:own", "code": "medical"}]}, "count": 2}
    reports = [example(name) for name in NAMES[:2]]
    for report in reports:
        report["group"][0]["population"].append(own)

    (group,) = added(*reports)["groups"]

    assert [part["count"] for part in group["other_counts"]] == [4]


def test_groups_scored_differently_are_not_added(added, example):
    url = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-measureScoring"
    reports = [example(name) for name in NAMES[:2]]
    for report, code in zip(reports, ("proportion", "ratio"), strict=True):
        report["extension"] = [{"url": url, "valueCodeableConcept": {"coding": [{"code": code}]}}]

    with pytest.raises(ExchangeError, match="score this group differently"):
        added(*reports)


def without(report, place):
    del report["group"][0]["population"][place]["count"]
    return report


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_missing_count_is_not_zero(added, example, place):
    first, second = (example(name) for name in NAMES[:2])

    with pytest.raises(ExchangeError, match=r"r1\.json: .* has no count of .* not zero"):
        added(first, without(second, place))


def test_a_group_that_one_report_lacks_is_not_zero(added, example):
    first, second = (example(name) for name in NAMES[:2])
    first["group"].append({**first["group"][0], "id": "group-2"})

    with pytest.raises(ExchangeError, match=r"r1\.json: .* has no count of initial population and"):
        added(first, second)


def test_subjects_of_different_strata_are_added(added, example):
    reports = [example(name) for name in NAMES[:2]]
    for report, payer in zip(reports, ("HMO", "PPO"), strict=True):
        group = report["group"][0]
        stratum = {"value": {"text": payer}, "population": group["population"]}
        group["stratifier"] = [{"code": [{"text": "payer"}], "stratum": [stratum]}]

    (group,) = added(*reports)["groups"]

    assert [stratum["counts"]["denominator"] for stratum in group["strata"]] == [3, 2]


@pytest.mark.parametrize(
    "reference",
    [
        "http://other.example.org/fhir/Patient/patient01",
        "Patient/patient01/_history/3",
        "https://other.example.org/fhir/Patient/patient01/_history/2",
    ],
)
def test_a_subject_is_the_same_on_every_server_and_in_every_version(added, example, reference):
    first, second = (example(name) for name in NAMES[:2])
    first["subject"] = {"reference": "Patient/patient01"}

    with pytest.raises(ExchangeError, match="the same subject"):
        added(first, second | {"subject": {"reference": reference}})


def test_the_same_days_written_otherwise_are_one_period(added, example):
    first, second = (example(name) for name in NAMES[:2])
    first["period"] = {"start": "2026-01", "end": "2026-03"}
    second["period"] = {"start": "2026-01-01T00:00:00Z", "end": "2026-03-31T23:59:59Z"}

    assert added(first, second)["made_of"] == 2


def test_reports_of_opposite_directions_are_not_added(added, example):
    reports = [example(name) for name in NAMES[:2]]
    for report, code in zip(reports, ("increase", "decrease"), strict=True):
        report["improvementNotation"] = {"coding": [{"code": code}]}

    with pytest.raises(ExchangeError, match="says the reverse"):
        added(*reports)


def test_a_report_net_of_exclusions_leaves_the_sum_without_a_rate(added, example):
    first, second = (example(name) for name in NAMES[:2])
    for part, count in zip(first["group"][0]["population"], (3, 0, 3, 0), strict=False):
        part["count"] = count

    (group,) = added(first, second)["groups"]

    assert (group["rate"], group["not_scored"]) == (None, "counts_do_not_fit")
