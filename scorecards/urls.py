"""Addresses of the room, under `/t/<tenant>/data/`."""

from django.urls import path

from scorecards.baselines import views as baselines
from scorecards.cards import views as cards
from scorecards.cases import views as cases
from scorecards.dataagreements import views as dataagreements
from scorecards.feeds import views as feeds
from scorecards.intake import views as intake
from scorecards.maps import views as maps
from scorecards.opportunities import views as opportunities
from scorecards.parts import views as parts
from scorecards.plans import views as plans
from scorecards.restatements import views as restatements
from scorecards.strata import views as strata
from scorecards.trends import views as trends
from scorecards.whatif import design_views
from scorecards.whatif import views as whatif

app_name = "scorecards"
urlpatterns = [
    path("agreements/", dataagreements.agreement_list, name="agreement-list"),
    path("agreements/new/", dataagreements.agreement_file, name="agreement-file"),
    path(
        "agreements/<uuid:pk>/document.pdf",
        dataagreements.agreement_download,
        name="agreement-download",
    ),
    path("feeds/", feeds.feed_list, name="feed-list"),
    path("feeds/new/", feeds.feed_declare, name="feed-declare"),
    path("feeds/<uuid:pk>/", feeds.feed_detail, name="feed-detail"),
    path("feeds/new/sample/", maps.feed_propose, name="feed-propose"),
    path("feeds/map/check/", maps.map_check, name="map-check"),
    path("feeds/<uuid:pk>/map/", maps.map_edit, name="map-edit"),
    path("feeds/<uuid:pk>/map/sample/", maps.map_propose, name="map-propose"),
    path("feeds/<uuid:pk>/map/changes/", maps.map_changes, name="map-changes"),
    path("feeds/<uuid:pk>/edit/", feeds.feed_edit, name="feed-edit"),
    path("feeds/<uuid:feed_pk>/expected/new/", feeds.expectation_state, name="expectation-state"),
    path("feeds/<uuid:feed_pk>/uploads/new/", intake.upload_submit, name="upload-submit"),
    path("feeds/<uuid:feed_pk>/uploads/preview/", intake.upload_preview, name="upload-preview"),
    path("feeds/<uuid:feed_pk>/uploads/parts/", parts.parts_begin, name="parts-begin"),
    path("feeds/<uuid:feed_pk>/uploads/parts/keep/", parts.part_keep, name="parts-keep"),
    path(
        "feeds/<uuid:feed_pk>/uploads/parts/complete/", parts.parts_complete, name="parts-complete"
    ),
    path("feeds/<uuid:feed_pk>/uploads/parts/drop/", parts.parts_drop, name="parts-drop"),
    path("uploads/<uuid:pk>/", intake.upload_detail, name="upload-detail"),
    path("uploads/<uuid:pk>/findings.csv", intake.findings_download, name="findings-download"),
    path("uploads/<uuid:pk>/accept/", restatements.upload_accept, name="upload-accept"),
    path("uploads/<uuid:pk>/decline/", restatements.upload_decline, name="upload-decline"),
    path("uploads/<uuid:pk>/cancel/", intake.upload_cancel, name="upload-cancel"),
    path("uploads/<uuid:pk>/cases/", restatements.upload_cases, name="upload-cases"),
    path("uploads/<uuid:pk>/restate/", restatements.restatement_ask, name="restatement-ask"),
    path(
        "uploads/<uuid:pk>/restate/approve/",
        restatements.restatement_approve,
        name="restatement-approve",
    ),
    path(
        "uploads/<uuid:pk>/restate/decline/",
        restatements.restatement_decline,
        name="restatement-decline",
    ),
    path("baselines/<uuid:agreed_pk>/", baselines.baseline_compute, name="baseline-compute"),
    path("baselines/<uuid:agreed_pk>/freeze/", baselines.baseline_freeze, name="baseline-freeze"),
    path(
        "opportunities/<uuid:program_pk>/",
        opportunities.opportunity_list,
        name="opportunity-list",
    ),
    path(
        "opportunities/<uuid:program_pk>/new/",
        opportunities.opportunity_ask,
        name="opportunity-ask",
    ),
    path(
        "opportunities/results/<uuid:pk>/",
        opportunities.opportunity_detail,
        name="opportunity-detail",
    ),
    path(
        "opportunities/results/<uuid:pk>/cancel/",
        opportunities.opportunity_cancel,
        name="opportunity-cancel",
    ),
    path(
        "opportunities/results/<uuid:pk>/take/", opportunities.proposal_take, name="proposal-take"
    ),
    path(
        "opportunities/results/<uuid:pk>/summary.pdf",
        opportunities.summary_download,
        name="summary-download",
    ),
    path("plans/<uuid:year_pk>/", plans.plan_detail, name="plan-detail"),
    path("plans/<uuid:year_pk>/begin/", plans.plan_begin, name="plan-begin"),
    path("plans/<uuid:year_pk>/edit/", plans.plan_edit, name="plan-edit"),
    path("plans/<uuid:year_pk>/check/", plans.plan_check, name="plan-check"),
    path("plans/<uuid:year_pk>/withdraw/", plans.plan_withdraw, name="plan-withdraw"),
    path("scorecards/<uuid:year_pk>/", cards.scorecard, name="scorecard"),
    path(
        "scorecards/<uuid:year_pk>/recompute/",
        cards.scorecard_recompute,
        name="scorecard-recompute",
    ),
    path("scorecards/<uuid:year_pk>/editions/", cards.edition_list, name="edition-list"),
    path("scorecards/<uuid:year_pk>/trend/", trends.trend, name="trend"),
    path("scorecards/<uuid:year_pk>/design/", design_views.design, name="design"),
    path("scorecards/<uuid:year_pk>/what-if/", whatif.what_if, name="what-if"),
    path("scorecards/<uuid:year_pk>/strata/", strata.strata, name="strata"),
    path("scorecards/<uuid:year_pk>/cases/<slug:slug>/", cases.case_list, name="case-list"),
]
