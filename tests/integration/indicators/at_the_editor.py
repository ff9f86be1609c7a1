"""A person at the editor of a definition: what the form sends when they change some fields."""

from django.test import Client

from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from indicators.library.editor import Editor


def typed(document, *, is_new=False, **changes):
    """Return what the browser sends for a document, with some fields typed over."""
    editor = Editor(None, document=document, is_new=is_new)
    sent = {}
    forms = [editor.form, *editor.columns, *editor.examples]
    managed = [editor.columns.management_form, editor.examples.management_form]
    for form in [*forms, *managed]:
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None or value is False else str(value)
    return sent | changes


def sign_in(tenant, role=Role.CONSULTANT):
    """Return a browser in which the person of a role is signed in."""
    with tenant_scope(tenant.pk):
        user = Membership.objects.select_related("user").get(role=role).user
    client = Client()
    client.force_login(user)
    return client


def words_of(answer):
    """Return the text of a page, to look for sentences in."""
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
