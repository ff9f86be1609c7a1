"""The browser's door of large files: static/js/parts.js asks here, part by part.

A refusal is a sentence to show, answered with 200 like the page of a form that was refused; any
other status is a connection or a server that fails, and is tried again.
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError, errors_in_words
from comanage.web.posting import or_say_why, posted_only
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import visible_feeds
from scorecards.intake.forms import LayoutForm
from scorecards.intake.models import PartialUpload, Upload
from scorecards.intake.queries import closed_periods
from scorecards.parts.actions import begin_parts, complete_parts, drop_parts, keep_part
from scorecards.parts.forms import BeginForm, CompleteForm, PartForm, PartialForm
from scorecards.parts.queries import begun_before, own_partials
from scorecards.restatements.actions import complete_restatement


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def parts_begin(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Begin a large file, or go on with the one announced alike; say which parts are there."""
    feed = _feed(request, feed_pk)
    form = BeginForm(request.POST, closed=closed_periods(feed))
    layout = LayoutForm(request.POST)
    for each in (form, layout):
        if not each.is_valid():
            return _refuse_form(each)
    by, announced = request.actor, form.announced(layout)
    try:
        partial = begun_before(feed, announced, by, now=timezone.now()) or begin_parts(
            feed=feed, announced=announced, by=by
        )
    except PolicyError as broken:
        return _refuse(str(broken))
    there = {part.number: part.sha256 for part in partial.parts.all()}
    return JsonResponse({"partial": partial.pk, "parts": there})


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def part_keep(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Keep one part; the same part again changes nothing."""
    feed = _feed(request, feed_pk)
    form = PartForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse_form(form)
    try:
        kept = keep_part(partial=_own(request, feed, form), part=form.received)
    except PolicyError as broken:
        return _refuse(str(broken))
    return JsonResponse({"number": kept.number, "sha256": kept.sha256})


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def parts_complete(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Hand the whole file in, and say where its page is."""
    feed = _feed(request, feed_pk)
    form = CompleteForm(request.POST)
    if not form.is_valid():
        return _refuse_form(form)
    try:
        upload, is_new = _complete(request, _own(request, feed, form), form)
    except PolicyError as broken:
        return _refuse(str(broken))
    if not is_new:
        messages.info(request, "This file was handed in before; nothing was added.")
    return JsonResponse({"page": reverse("scorecards:upload-detail", args=[tenant, upload.pk])})


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def parts_drop(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Give a large file up, and destroy what came of it."""
    feed = _feed(request, feed_pk)
    form = PartialForm(request.POST)
    if form.is_valid():
        with or_say_why(request):
            drop_parts(partial=_own(request, feed, form), by=request.actor)
            messages.success(request, "Given up. What came of the file is destroyed.")
    return redirect("scorecards:upload-submit", tenant, feed.pk)


def _complete(
    request: MemberRequest, partial: PartialUpload, form: CompleteForm
) -> tuple[Upload, bool]:
    given = form.cleaned_data
    sha256, key, reason = (
        given[name] for name in ("sha256", "idempotency_key", "restatement_reason")
    )
    if reason:
        return complete_restatement(
            partial=partial, sha256=sha256, idempotency_key=key, reason=reason, by=request.actor
        )
    return complete_parts(partial=partial, sha256=sha256, idempotency_key=key, by=request.actor)


def _feed(request: MemberRequest, pk: UUID) -> Feed:
    return get_object_or_404(visible_feeds(request.actor), pk=pk)


def _own(request: MemberRequest, feed: Feed, form: PartialForm) -> PartialUpload:
    began = own_partials(request.actor).filter(feed=feed)
    return get_object_or_404(began, pk=form.cleaned_data["partial"])


def _refuse(sentence: str) -> JsonResponse:
    return JsonResponse({"refusal": sentence})


def _refuse_form(form: forms.Form) -> JsonResponse:
    return _refuse(errors_in_words(form))
