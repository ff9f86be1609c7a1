"""The shared pieces of a page: safe, tied together for a screen reader, and strict about CSP."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
HOSTILE = '<script>alert("1")</script>'


class SendForm(forms.Form):
    first = forms.DateField(label="First day", help_text="As in the extract.")
    note = forms.CharField(label="Note", required=False)
    rule = forms.ChoiceField(label="Rule", choices=[("a", "A")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Sure")


class Elements(HTMLParser):
    """Collects the attributes of every element."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def ids(self):
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]


def component(name, **arguments):
    return render_to_string(f"components/_{name}.html", arguments)


def form_page(form):
    return component("form", form=form, submit="Send", csrf_token="abc")


def test_an_error_stands_beside_its_field_and_is_tied_to_it():
    elements = Elements(form_page(SendForm({"first": "soon"})))
    field = next(attrs for _, attrs in elements.found if attrs.get("name") == "first")

    assert field["aria-invalid"] == "true"
    assert set(field["aria-describedby"].split()) == {"id_first_helptext", "id_first_error"}
    assert set(field["aria-describedby"].split()) <= set(elements.ids())


def test_whatever_describes_a_field_is_on_the_page_once():
    elements = Elements(form_page(SendForm({})))
    described = " ".join(attrs.get("aria-describedby", "") for _, attrs in elements.found).split()

    assert described
    assert all(elements.ids().count(name) == 1 for name in described)


def test_nothing_typed_is_lost():
    assert 'value="soon"' in form_page(SendForm({"first": "soon"}))


def test_an_optional_field_says_so():
    page = form_page(SendForm())

    assert page.count("(optional)") == 1


def test_of_several_ways_none_is_called_optional():
    form = SendForm()
    form.one_of = tuple(form.fields)

    assert "(optional)" not in form_page(form)


def test_a_form_carries_its_token():
    assert 'name="csrfmiddlewaretoken" value="abc"' in form_page(SendForm())


def test_a_status_is_a_word_with_a_shape():
    page = component("status", word="Below threshold", tone="concern")

    assert "Below threshold" in page
    assert "<svg" in page


@pytest.mark.parametrize("tone", ["good", "next", "waiting", "concern", "quiet"])
def test_every_tone_has_its_own_shape(tone):
    others = {"good", "next", "waiting", "concern", "quiet"} - {tone}

    assert component("shape", tone=tone) not in {component("shape", tone=other) for other in others}


def test_a_step_tells_who_when_and_in_which_state():
    step = {"title": "Counsel approves", "state": "done", "word": "Signed", "who": "Ms. Okafor"}
    page = component("steps", steps=[step | {"role": "Counsel", "at": "14 Mar 2026, 10:05 CDT"}])

    for words in ("Counsel approves", "Signed", "Ms. Okafor", "14 Mar 2026, 10:05 CDT"):
        assert words in page


def test_pages_of_a_list_say_where_one_is():
    page = component("pagination", page=Paginator(range(1392), 25).page(2), noun="cases")

    assert "Cases 26 to 50 of 1,392" in page


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("status", {"word": HOSTILE}),
        ("notice", {"text": HOSTILE, "title": HOSTILE, "items": [HOSTILE]}),
        ("empty", {"title": HOSTILE, "text": HOSTILE}),
        ("figure", {"label": HOSTILE, "value": HOSTILE, "n": HOSTILE, "source": HOSTILE}),
        ("steps", {"steps": [{"title": HOSTILE, "word": HOSTILE, "note": HOSTILE}]}),
        ("definition_list", {"items": [{"term": HOSTILE, "value": HOSTILE}]}),
        ("confirm", {"question": HOSTILE, "consequences": [HOSTILE], "csrf_token": "abc"}),
    ],
)
def test_hostile_text_stays_text(name, arguments):
    page = component(name, **arguments)

    assert "<script" not in page
    assert "&lt;script" in page


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_an_inline_style_or_script_or_a_foreign_origin(template):
    text = template.read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_an_error_page_stands_without_any_context(name):
    page = render_to_string(f"{name}.html")

    assert page.count("<h1>") == 1
    assert "not legal advice" in page
