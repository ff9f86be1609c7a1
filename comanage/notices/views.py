"""The page of a person's own notices."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.notices.actions import mark_read
from comanage.notices.queries import notices_of, unread_count
from comanage.web.posting import posted_only


@requires(Permission.NOTICE_READ)
def notice_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List a person's notices, unread ones first."""
    page = Paginator(notices_of(request.user), 20).get_page(request.GET.get("page"))
    return render(
        request, "notices/list.html", {"page": page, "unread": unread_count(request.user)}
    )


@requires(Permission.NOTICE_READ)
@posted_only
def notice_read(request: MemberRequest, tenant: str) -> HttpResponse:
    """Mark one notice as read and go to its page, or mark all of them."""
    notices = notices_of(request.user)
    wanted = _id(request.POST.get("notice", ""))
    if wanted is None:
        mark_read(notices=notices.filter(read_at=None))
        return redirect("web:notice-list", tenant)
    notice = get_object_or_404(notices, pk=wanted)
    mark_read(notices=[notice])
    return HttpResponseRedirect(notice.path)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
