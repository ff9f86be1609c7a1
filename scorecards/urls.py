"""Addresses of the room, under `/t/<tenant>/data/`."""

from django.urls import path

from scorecards.cards import views as cards
from scorecards.feeds import views as feeds
from scorecards.intake import views as intake

app_name = "scorecards"
urlpatterns = [
    path("feeds/", feeds.feed_list, name="feed-list"),
    path("feeds/new/", feeds.feed_declare, name="feed-declare"),
    path("feeds/<uuid:pk>/", feeds.feed_detail, name="feed-detail"),
    path("feeds/<uuid:feed_pk>/uploads/new/", intake.upload_submit, name="upload-submit"),
    path("uploads/<uuid:pk>/", intake.upload_detail, name="upload-detail"),
    path("uploads/<uuid:pk>/findings.csv", intake.findings_download, name="findings-download"),
    path("scorecards/<uuid:year_pk>/", cards.scorecard, name="scorecard"),
    path(
        "scorecards/<uuid:year_pk>/recompute/",
        cards.scorecard_recompute,
        name="scorecard-recompute",
    ),
]
