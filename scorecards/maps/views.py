"""Pages of maps: the editor, a sample that proposes one, and what versions changed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import posted_only
from scorecards.feeds.actions import give_map
from scorecards.feeds.forms import FeedForm
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import spec_of, visible_feeds
from scorecards.intake.forms import LayoutForm, LookForm
from scorecards.intake.looking import look_at_sample
from scorecards.intake.reading import UnreadableError
from scorecards.intake.spec import SpecError, from_document
from scorecards.maps import drafts
from scorecards.maps.admission import check_map_may_follow
from scorecards.maps.differences import differences
from scorecards.maps.editor import MapEditor
from scorecards.maps.forms import ChangesForm


@requires(Permission.FEED_DECLARE)
def map_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Give a feed the next version of its map, once its changes were shown."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=pk)
    current = spec_of(feed)
    if request.method != "POST":
        return _show_editor(request, feed, MapEditor.of(drafts.of_spec(current), has_note=True))
    editor = MapEditor(request.POST, has_note=True)
    if editor.asks_back:
        return _show_editor(request, feed, editor.again())
    if not editor.is_valid():
        return _show_editor(request, feed, editor)
    return _follow(request, feed, editor, current=current)


@requires(Permission.FEED_DECLARE)
@posted_only
def map_check(request: MemberRequest, tenant: str) -> HttpResponse:
    """Say what is wrong with a map that is being written, by the id of each field."""
    editor = MapEditor(request.POST, has_note="note" in request.POST)
    return JsonResponse({"problems": editor.live_problems()})


@requires(Permission.FEED_DECLARE)
def feed_propose(request: MemberRequest, tenant: str) -> HttpResponse:
    """Propose the map of a new feed from a sample; nothing of the sample is stored."""
    return _propose(request, None)


@requires(Permission.FEED_DECLARE)
def map_propose(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Propose the next version of a map from a sample; nothing of the sample is stored."""
    return _propose(request, get_object_or_404(visible_feeds(request.actor), pk=pk))


@requires(Permission.FEED_VIEW)
def map_changes(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Say what one version of a map changed against another; unasked, what the newest did."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=pk)
    maps = {each.version: each for each in feed.maps.all()}
    newest = list(maps)[:2]
    asked = request.GET or {"later": newest[0], "earlier": newest[-1]}
    form = ChangesForm(asked, versions=list(maps))
    shown: dict[str, Any] = {"feed": feed, "form": form, "is_first": len(maps) == 1}
    if form.is_valid():
        earlier, later = (maps[form.cleaned_data[name]] for name in ("earlier", "later"))
        changes = differences(from_document(earlier.spec), from_document(later.spec))
        shown |= {"earlier": earlier, "later": later, "changes": changes}
    return render(request, "scorecards/maps/changes.html", shown)


def _follow(request: MemberRequest, feed: Feed, editor: MapEditor, *, current: Any) -> HttpResponse:
    """Show what a valid map changes, or save it where that was seen; a rule may refuse both."""
    note, today, spec = editor.form.cleaned_data["note"], request.tenant.today(), editor.spec
    mark = editor.mark_after(current)
    try:
        check_map_may_follow(feed, current, spec, note=note, today=today)
        if request.POST.get("seen") != mark:
            changes = differences(current, spec)
            return _show_editor(request, feed, editor, changes=changes, mark=mark)
        given = give_map(feed=feed, spec=spec, note=note, today=today, by=request.actor)
    except PolicyError as broken:
        editor.refuse(str(broken))
        return _show_editor(request, feed, editor)
    messages.success(request, f"Version {given.version} of the map holds from now on.")
    return redirect("scorecards:feed-detail", request.tenant.slug, feed.pk)


def _show_editor(
    request: MemberRequest, feed: Feed, editor: MapEditor, **shown: Any
) -> HttpResponse:
    context = {"feed": feed, "editor": editor, "versions": feed.maps.select_related("made_by")}
    return render(request, "scorecards/maps/edit.html", context | shown)


def _propose(request: MemberRequest, feed: Feed | None) -> HttpResponse:
    shown: dict[str, Any] = {"feed": feed, "form": LookForm(), "look_url": request.path}
    if request.method == "POST":
        shown |= _proposed(request, feed)
    if request.headers.get("HX-Request"):
        return render(request, "scorecards/maps/_proposal.html", shown)
    return render(request, "scorecards/maps/sample.html", shown)


def _proposed(request: MemberRequest, feed: Feed | None) -> dict[str, Any]:
    """Look at a sample and begin an editor with what it suggests, or say why not."""
    form, layout = LookForm(request.POST, request.FILES), LayoutForm(request.POST)
    if not (form.is_valid() and layout.is_valid()):
        return {"refusal": "Choose a file first, and give a row of the header that it can have."}
    file = form.cleaned_data["file"]
    try:
        look, proposal = look_at_sample(file.file, file.name, layout.choice)
    except (UnreadableError, SpecError) as wrong:
        return {"refusal": str(wrong)}
    draft = drafts.after(spec_of(feed), proposal) if feed else drafts.of_proposal(proposal)
    return {
        "look": look,
        "layout": LayoutForm.beside(look) if look.has_layout else None,
        "proposal": proposal,
        "editor": MapEditor.of(draft, has_note=feed is not None),
        "facts": None if feed else FeedForm(),
    }
