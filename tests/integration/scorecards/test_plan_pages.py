"""The pages of a scoring plan: starts that fit, nothing lost, faults beside their fields."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from scorecards.plans.fitting import fit_problems
from scorecards.plans.goals import goals_of
from scorecards.plans.starts import STARTS, starting_plan
from scorecards.plans.wording import plan_in_words
from scorecards.scoring.plans.reading import read_plan
from tests.ground import rolled_back, small_draft, small_hospital
from tests.planned import small_plan


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        tenant = small_hospital()
        with tenant_scope(tenant.pk):
            small_draft()
        yield tenant


@pytest.fixture
def tenant(built, db):
    return built


@pytest.fixture
def terms(tenant):
    with tenant_scope(tenant.pk):
        return terms_document(MeasurementYear.objects.get())


@pytest.fixture
def browser(tenant):
    with tenant_scope(tenant.pk):
        user = Membership.objects.select_related("user").get(role=Role.CONSULTANT).user
    client = Client()
    client.force_login(user)
    return client


def address(tenant, name):
    with tenant_scope(tenant.pk):
        return reverse(
            f"scorecards:plan-{name}", args=[tenant.slug, MeasurementYear.objects.get().pk]
        )


def saved(tenant):
    with tenant_scope(tenant.pk):
        return MeasurementYear.objects.get().scoring_plan


def fields_on(page):
    """Return what a browser would send of an untouched editor."""
    editor = page.context["editor"]
    forms = [editor.form, page.context["try_form"]]
    forms += [form for rows in editor.rows.values() for form in (rows.management_form, *rows)]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


def begun(browser, tenant, kind):
    page = browser.get(address(tenant, "edit"), {"start": kind})
    assert page.status_code == 200
    return fields_on(page)


def problems(browser, tenant, fields):
    answer = browser.post(address(tenant, "check"), fields)
    return answer.json()["problems"]


@pytest.mark.parametrize("kind", STARTS)
def test_every_start_fits_the_terms_and_comes_back_whole_from_its_fields(
    kind, browser, tenant, terms
):
    document = starting_plan(kind, terms)
    assert fit_problems(terms, document) == []
    assert all(
        line.sentences for part in plan_in_words(read_plan(document), terms) for line in part.lines
    )

    fields = begun(browser, tenant, kind)
    page = browser.post(address(tenant, "edit"), fields | {"turn": "yes"})

    assert read_plan(json.loads(page.context["editor"].form["text"].value())) == read_plan(document)


def test_a_plan_is_shown_in_words_before_it_is_saved_and_taken_out_again(browser, tenant):
    fields = begun(browser, tenant, "points")

    shown = browser.post(address(tenant, "edit"), fields)
    assert saved(tenant) is None
    assert "Achievement: 10 points at the benchmark" in shown.content.decode()
    answer = browser.post(address(tenant, "edit"), fields | {"seen": shown.context["mark"]})
    assert answer.status_code == 302
    assert saved(tenant)["domains"]

    assert "A scoring plan pays" in browser.get(address(tenant, "detail")).content.decode()
    browser.post(address(tenant, "withdraw"))
    assert saved(tenant) is None


def test_what_no_field_shows_stays_when_another_field_changes(browser, tenant):
    document = small_plan(absent_results="not_scored")
    document["indicators"][0]["method"]["improvement"] = {"slope": "8", "most": "7"}
    document["indicators"][0]["limits"] = {"low": "1%", "past": "clamp"}
    text = {"editing": "text", "text": json.dumps(document), "turn": "yes"}

    fields = fields_on(browser.post(address(tenant, "edit"), text)) | {
        "indicators-1-threshold": "25%"
    }
    page = browser.post(address(tenant, "edit"), fields | {"turn": "yes"})

    document["indicators"][1]["method"]["threshold"] = "25%"
    assert json.loads(page.context["editor"].form["text"].value()) == document


@pytest.mark.parametrize(
    ("kind", "changed", "place", "said"),
    [
        ("tiers", {"indicators-0-weight": "30"}, "id_weights_add_up_to", "The weights add up to"),
        (
            "tiers",
            {"indicators-0-tiers": "A: 7% earns 50%\nB: 9% earns 100%"},
            "id_indicators-0-tiers",
            "Tiers out of order",
        ),
        ("tiers", {"indicators-0-tiers": "A 7%"}, "id_indicators-0-tiers", "Line 1 is not written"),
        ("tiers", {"pay-0-amount": "-5.00"}, "id_pay-0-amount", "it cannot be negative"),
        ("tiers", {"pay-0-amount": "90000.00"}, "plan_whole", "Make them the same"),
        (
            "tiers",
            {"limit_amount": "100.00", "limit_source": "the opinion", "pay-0-amount": "60000.01"},
            "plan_whole",
            "above the limit of $100.00 set by the opinion",
        ),
        (
            "tiers",
            {"indicators-0-minimum_cases": "", "indicators-0-small_rule": ""},
            "id_indicators-0-minimum_cases",
            "There is no rule for small numbers",
        ),
        (
            "tiers",
            {"indicators-0-DELETE": "on", "indicators-1-weight": "100"},
            "plan_whole",
            "is not in the scoring plan",
        ),
        (
            "tiers",
            {"indicators-1-kind": "milestone"},
            "id_indicators-1-kind",
            "Choose another method",
        ),
        (
            "tiers",
            {"indicators-0-round_result": "1 sideways"},
            "id_indicators-0-round_result",
            "halves",
        ),
        (
            "points",
            {"indicators-0-domain": "nowhere"},
            "id_indicators-0-domain",
            "There is no domain",
        ),
        ("gated", {"adjustments-0-limit": "x"}, "id_adjustments-0-limit", "exact number"),
    ],
)
def test_each_fault_is_said_beside_its_field_while_it_is_typed(
    kind, changed, place, said, browser, tenant
):
    fields = begun(browser, tenant, kind)
    assert problems(browser, tenant, fields) == {}

    found = problems(browser, tenant, fields | changed)

    assert said in " ".join(found[place])
    page = browser.post(address(tenant, "edit"), fields | changed)
    assert "Nothing was saved yet" in page.content.decode()


def test_an_indicator_that_nobody_agreed_on_is_refused_as_text(browser, tenant):
    document = small_plan()
    document["indicators"][0]["slug"] = "unheard-of"

    assert "pays for “unheard-of”" in said_of_text(browser, tenant, json.dumps(document))
    for text, said in (
        ("{", "Line 1 is no JSON"),
        ("[]", "Begin with {"),
        ('{"a": NaN}', "no JSON"),
        ('{"title": "\\ud800"}', "cannot be kept"),
    ):
        assert said in said_of_text(browser, tenant, text)


def said_of_text(browser, tenant, text):
    page = browser.post(address(tenant, "edit"), {"editing": "text", "text": text})
    return " ".join(page.context["editor"].form["text"].errors)


@pytest.mark.parametrize("kind", ["linked", "percentiles", "bands", "penalty"])
def test_results_are_tried_on_a_plan_that_is_not_saved(kind, browser, tenant):
    fields = begun(browser, tenant, kind) | {"try": "yes"}

    page = browser.post(address(tenant, "edit"), fields, headers={"HX-Request": "true"})
    tried = page.context["tried"]

    assert "<form" not in page.content.decode()
    assert tried.earned <= tried.pool
    assert all(line.chart.startswith("<svg") for line in tried.lines)
    whole = browser.post(address(tenant, "edit"), fields)
    assert f"{tried.earned}" in whole.content.decode()
    bad = browser.post(address(tenant, "edit"), fields | {"try-hba1c-measured": "many"})
    assert "Give a number" in bad.content.decode()


def improving(terms):
    """A plan whose first indicator earns by tiers, or by how far its gap was closed."""
    document = starting_plan("tiers", terms)
    gap = {"kind": "change", "of": "gap", "goal": "1%", "line": True, "without_baseline": "0"}
    gap["tiers"] = [{"name": "half", "goal": "50%", "earns": "1"}]
    method = document["indicators"][0]["method"]
    document["indicators"][0]["method"] = {"kind": "best_of", "methods": [method, gap]}
    return document


def test_the_best_of_several_methods_is_kept_said_and_tried(browser, tenant, terms):
    document = improving(terms)
    assert fit_problems(terms, document) == []
    text = {"editing": "text", "text": json.dumps(document), "turn": "yes"}

    fields = fields_on(browser.post(address(tenant, "edit"), text))
    page = browser.post(address(tenant, "edit"), fields | {"turn": "yes"})
    assert read_plan(json.loads(page.context["editor"].form["text"].value())) == read_plan(document)

    said = plan_in_words(read_plan(document), terms)[0].lines[0].sentences
    assert said[0].startswith("The best of these counts")
    assert any("divided by the way from there to" in sentence for sentence in said)
    tried = browser.post(address(tenant, "edit"), fields | {"try": "yes"}).context["tried"]
    assert tried.lines[0].chart.startswith("<svg")
    goals = goals_of(terms, read_plan(document))[document["indicators"][0]["slug"]]
    tiers = document["indicators"][0]["method"]["methods"][0]["tiers"]
    assert {goal.name for goal in goals} <= {tier["name"] for tier in tiers}


def test_weights_for_missing_domains_and_a_total_of_nothing_are_said(terms):
    document = small_plan()
    left = document["domains"][1]["slug"]
    case = {"missing": [document["domains"][0]["slug"]], "weights": {left: "100"}}
    document["missing"]["weights_when"] = [case]
    document["total"] = {**document.get("total", {}), "if_missing": "0"}

    sections = plan_in_words(read_plan(document), terms)
    said = next(part for part in sections if part.title == "Total").lines[0].sentences

    assert "Where too little is scored, it is 0." in said
    assert said[-1].startswith("Where just “")
    assert said[-1].endswith("” 100.")


def test_a_factor_of_several_figures_is_said_and_must_say_what_it_is_without_them(terms):
    document = small_plan()
    domain = document["domains"][0]
    reads = {"domain": domain["slug"]}
    several = {"sum": [{"reads": {"total": True}}, {"reads": reads, "unit": "2"}]}
    equity = {"reads": several, "start": "10", "logistic": {"middle": "50", "steepness": "0.1"}}
    rise = {"reads": {"total": True}, "plus": {"reads": {"total": True}, "unit": {"reads": reads}}}
    document["total"] = {**document.get("total", {}), "minimum_scored": 2}
    domain["best"] = 1
    document["pay"][0]["by"] = "total"

    def changed(**factor):
        change = {"name": "Equity", "to": {"total": True}, "becomes": factor}
        return {**document, "adjustments": [change]}

    sections = plan_in_words(read_plan(changed(**equity)), terms)
    said = [text for part in sections for line in part.lines for text in line.sentences]

    assert any("Its best 1 indicators count" in text for text in said)
    assert "It needs 2 scored indicators." in said
    assert any("the sum of those that are scored of (the total; the score of" in s for s in said)
    assert any("less 10, read as 1 / (1 + e ** (-0.1 x (figure - 50)))" in text for text in said)
    problems = {
        name: any("(if_missing)" in str(problem) for problem in fit_problems(terms, plan))
        for name, plan in (
            ("always there", changed(**equity)),
            ("a unit of zero", changed(**rise)),
            ("said", changed(**rise, if_missing="0")),
            ("said by what may be missing", changed(**rise, if_missing={"reads": reads})),
        )
    }
    assert problems == {
        "always there": False,
        "a unit of zero": True,
        "said": False,
        "said by what may be missing": True,
    }


def test_weights_that_come_with_results_do_not_fit_a_year(terms):
    document = starting_plan("tiers", terms)
    document["inputs"] = [{"name": "incentive_pool"}]
    for each in document["indicators"]:
        each["weight"] = {"input": "incentive_pool"}

    found = [str(problem) for problem in fit_problems(terms, document)]

    assert any("comes with the results. Write the number itself." in said for said in found)


@pytest.mark.parametrize(
    "changed",
    [
        {"indicators-0-base": '{"method": "x"}'},
        {"base": '{"total": "x", "inputs": [1]}', "total_kind": ""},
        {"base": '{"inputs": 5}'},
        {"base": '{"pay": 5}'},
        {"adjustments-0-base": '{"to": 5}'},
        {"pay-0-base": '{"share": {"curve": 5}}'},
    ],
)
def test_a_hidden_part_that_is_no_part_of_a_plan_is_refused(changed, browser, tenant):
    found = problems(browser, tenant, begun(browser, tenant, "gated") | changed)

    assert "did not come back as it was" in " ".join(found["plan_whole"])


def test_a_domain_is_chosen_from_those_declared_and_one_that_is_gone_is_named(browser, tenant):
    fields = begun(browser, tenant, "points")
    page = browser.post(address(tenant, "edit"), fields | {"again": "yes"})
    (chosen, *_) = page.context["editor"].rows["indicators"]

    assert [value for value, _ in chosen.fields["domain"].choices] == ["", "quality"]
    found = problems(browser, tenant, fields | {"indicators-0-domain": "gone"})
    assert any("gone" in said for said in found["id_indicators-0-domain"])


def test_pay_and_scales_are_said_as_people_say_them(terms):
    def said(kind):
        sections = plan_in_words(read_plan(starting_plan(kind, terms)), terms)
        return {section.title: section.lines for section in sections}

    assert said("tiers")["Pay"][0].title == "Incentive"
    assert (
        said("savings")["Indicators"][0].sentences[0].startswith("Earns in proportion: nothing at")
    )
    assert " below that" in said("savings")["Indicators"][0].sentences[0]
    assert "at P50 or higher;" in said("percentiles")["Indicators"][0].sentences[1]


def test_a_gate_is_said_in_the_unit_of_what_it_looks_at(terms):
    gate = plan_in_words(read_plan(starting_plan("gated", terms)), terms)[-2].lines[0]

    assert gate.sentences[0].endswith(" %, the total is multiplied by 0.5.")
    assert "is at most " in gate.sentences[0]


def test_a_row_can_be_added_without_a_script(browser, tenant):
    fields = begun(browser, tenant, "tiers")

    page = browser.post(address(tenant, "edit"), fields | {"more": "adjustments"})

    assert len(page.context["editor"].rows["adjustments"].forms) == 1
    assert problems(browser, tenant, fields_on(page)) == {}
