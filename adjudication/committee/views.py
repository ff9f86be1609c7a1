"""The door of the committee: it stands on the page of the year."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from adjudication.committee.actions import comment_on_result
from adjudication.committee.forms import CommentForm
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import errors_in_words
from comanage.web.posting import or_say_why, posted_only


@requires(Permission.RESULT_COMMENT)
@posted_only
def comment_write(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Keep a comment on the year's result."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("adjudication:year-detail", tenant, year.pk)
    with or_say_why(request):
        comment_on_result(year=year, **form.cleaned_data, by=request.actor)
        messages.success(request, "Kept. It will be printed in the report.")
    return redirect("adjudication:year-detail", tenant, year.pk)
