"""No template fetches from elsewhere, works against the policy, or switches escaping off."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = [
    file
    for room in ("comanage", "indicators", "agreements", "scorecards", "adjudication")
    for file in sorted((ROOT / room).rglob("*.py"))
]
each_template = pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT / "templates"))
)

# Text that is markup already, by our own hand. Shrinks.
MARKUP = {
    "agreements/dates/calendar.html": "charts",
    "agreements/readiness/detail.html": "charts",
    "agreements/workplans/detail.html": "charts",
    "scorecards/cards/detail.html": "charts: SVG drawn by comanage.documents.charts, which escapes",
    "scorecards/feeds/detail.html": "charts",
    "scorecards/opportunities/_opportunity.html": "charts",
    "scorecards/opportunities/summary.html": "charts",
    "scorecards/plans/_tried.html": "charts",
    "scorecards/strata/detail.html": "charts",
    "scorecards/trends/detail.html": "charts",
    "scorecards/whatif/_together.html": "charts",
    "adjudication/package/_indicator.html": "charts",
    "adjudication/package/_trend.html": "charts",
    "adjudication/years/detail.html": "charts",
    "adjudication/package/_schedule.html": "charts",
    "components/_field.html": "help texts: Django's own list of password rules is markup",
}
MARKS_SAFE = {
    "comanage/documents/charts.py": "builds SVG and escapes each text it puts in",
    "comanage/web/templatetags/comanage.py": "format_html alone",
}


def text_of(template: Path) -> str:
    """Return a template without its comments."""
    return re.sub(
        r"{#.*?#}|{% comment.*?endcomment %}", "", template.read_text("utf-8"), flags=re.S
    )


def test_the_sweep_sees_templates():
    assert len(TEMPLATES) > 40


@each_template
def test_a_template_loads_nothing_from_another_origin(template: Path):
    addresses = re.findall(
        r"""(?:src|href|action|srcset|poster)\s*=\s*["']([^"']*)""", text_of(template)
    )

    assert not [each for each in addresses if re.match(r"(?:https?:)?//|javascript:|data:", each)]


@each_template
def test_a_template_has_no_inline_style_script_or_handler(template: Path):
    text = text_of(template)

    assert not re.findall(r"\sstyle\s*=", text)
    assert not re.findall(r"<style\b", text)
    assert not re.findall(r"<script\b(?![^>]*\bsrc=)", text)
    assert not re.findall(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.findall(r"\bhx-on\b|\bhx-vals\s*=\s*[\"']js:", text)  # evaluated as script


@each_template
def test_escaping_is_switched_off_where_the_list_says_so_alone(template: Path):
    name = str(template.relative_to(ROOT / "templates"))
    text = text_of(template)

    if name not in MARKUP:
        assert not re.findall(r"\|\s*(?:safe|safeseq)\b", text)
    assert "autoescape" not in text


@each_template
def test_every_form_that_posts_carries_the_token(template: Path):
    forms = re.findall(
        r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text_of(template), re.S | re.I
    )

    assert not [form for form in forms if "csrf_token" not in form and "components/_" not in form]


def test_no_listed_template_is_gone_or_escapes_again():
    for name in MARKUP:
        assert re.search(r"\|\s*safe\b", (ROOT / "templates" / name).read_text("utf-8")), name


def test_no_help_text_of_a_form_is_made_of_rows():
    """Help texts are printed as markup, so they are written by us, word for word."""
    computed = re.compile(r"""help_text\s*=(?!\s*["'(])|help_text\s*=[\s(]*f["']""")
    found = {
        str(file.relative_to(ROOT)) for file in CODE if computed.search(file.read_text("utf-8"))
    }

    assert found <= {"indicators/library/forms.py"}  # a table in that file


def test_code_marks_text_as_safe_in_few_places():
    marking = {
        str(file.relative_to(ROOT))
        for file in CODE
        if re.search(r"\b(?:mark_safe|SafeString|SafeText)\b", file.read_text("utf-8"))
    }

    assert marking <= MARKS_SAFE.keys()


# Migrations and the embedded servers are the database's own; the bench asks another engine.
ELSEWHERE = re.compile(r"/(?:migrations|embedded|bench)/")


def test_no_code_asks_the_database_around_the_managers():
    """Raw SQL, `_base_manager` and unscoped managers stand in the ground's few places alone."""
    raw = re.compile(r"\.raw\(|\.extra\(|RawSQL|connection\.cursor\(|connections\[|\.execute\(")
    found = {str(file.relative_to(ROOT)) for file in CODE if raw.search(file.read_text("utf-8"))}

    assert {name for name in found if not ELSEWHERE.search(name)} == {
        "comanage/api/idempotency.py",  # the lock of a request's key
        "comanage/audit/record.py",  # the lock of the chain
        "comanage/tenancy/scope.py",  # tells the database the tenant
        "comanage/tenancy/startup.py",  # asks for its own role
        "comanage/tenancy/walls.py",  # writes the policies
        "comanage/web/views.py",  # SELECT 1
    }


def test_no_code_sets_a_tenant_for_a_whole_connection():
    """`SET` outlives the request on a kept connection; only the scope may tell the database."""
    setting = re.compile(r"SET\s+(?:SESSION\s+)?comanage\.|set_config\(", re.I)
    found = {
        str(file.relative_to(ROOT)) for file in CODE if setting.search(file.read_text("utf-8"))
    }

    assert found == {"comanage/tenancy/scope.py"}


def test_no_answer_streams_rows_after_its_scope_has_closed():
    streaming = re.compile(r"StreamingHttpResponse|FileResponse")

    found = {
        str(file.relative_to(ROOT)) for file in CODE if streaming.search(file.read_text("utf-8"))
    }

    assert found == {"comanage/web/downloads.py"}  # a file that was unlocked before, and no rows
