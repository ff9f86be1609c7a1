"""Addresses of the API, under `/t/<tenant>/api/v1/`."""

from django.urls import path

from scorecards.cards import api as cards
from scorecards.feeds import api as feeds
from scorecards.intake import api as intake
from scorecards.parts import api as parts
from scorecards.sandbox import api as sandbox
from scorecards.whatif import api as whatif

app_name = "api"
urlpatterns = [
    path("feeds", feeds.FeedList.as_view(), name="feed-list"),
    path("feeds/<uuid:pk>/sample", sandbox.FeedSample.as_view(), name="feed-sample"),
    path("feeds/<uuid:pk>", feeds.FeedDetail.as_view(), name="feed-detail"),
    path(
        "feeds/<uuid:feed_pk>/submissions",
        intake.FeedSubmissions.as_view(),
        name="submission-list",
    ),
    path("feeds/<uuid:feed_pk>/uploads", parts.UploadCreate.as_view(), name="upload-create"),
    path("uploads/<uuid:pk>", parts.UploadDetail.as_view(), name="upload-detail"),
    path("uploads/<uuid:pk>:complete", parts.UploadComplete.as_view(), name="upload-complete"),
    path(
        "uploads/<uuid:pk>/parts/<int:number>",
        parts.UploadPartDetail.as_view(),
        name="upload-part",
    ),
    path("submissions/<uuid:pk>", intake.SubmissionDetail.as_view(), name="submission-detail"),
    path(
        "submissions/<uuid:pk>/outcome",
        intake.SubmissionOutcome.as_view(),
        name="submission-outcome",
    ),
    path("years/<uuid:year_pk>/scorecard", cards.ScorecardDetail.as_view(), name="scorecard"),
    path("years/<uuid:year_pk>/what-if", whatif.WhatIfDetail.as_view(), name="what-if"),
]
