"""Addresses of the room, under `/t/<tenant>/`: the overview stands at the hospital itself."""

from django.urls import path

from adjudication.committee import views as committee
from adjudication.handoffs import views as handoffs
from adjudication.holds import views as holds
from adjudication.overview import views as overview
from adjudication.package import views as package
from adjudication.payments import views as payments
from adjudication.reviews import views as reviews
from adjudication.stacking import views as stacking
from adjudication.years import views as years

app_name = "adjudication"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("adjudication/physicians/", stacking.stacking, name="stacking"),
    path("adjudication/years/<uuid:year_pk>/", years.year_detail, name="year-detail"),
    path("adjudication/years/<uuid:year_pk>/freeze/", years.year_freeze, name="year-freeze"),
    path("adjudication/years/<uuid:year_pk>/sign/", years.year_sign, name="year-sign"),
    path(
        "adjudication/years/<uuid:year_pk>/condition/", years.year_condition, name="year-condition"
    ),
    path("adjudication/years/<uuid:year_pk>/return/", years.year_return, name="year-return"),
    path(
        "adjudication/years/<uuid:year_pk>/comments/new/",
        committee.comment_write,
        name="comment-write",
    ),
    path("adjudication/years/<uuid:year_pk>/review/", reviews.review_detail, name="review-detail"),
    path(
        "adjudication/years/<uuid:year_pk>/review/recompute/",
        reviews.review_recompute,
        name="review-recompute",
    ),
    path(
        "adjudication/years/<uuid:year_pk>/review/offline/",
        reviews.review_offline,
        name="review-offline",
    ),
    path(
        "adjudication/years/<uuid:year_pk>/review/<slug:slug>/count/",
        reviews.review_count,
        name="review-count",
    ),
    path(
        "adjudication/years/<uuid:year_pk>/review/<slug:slug>/sample/",
        reviews.sample_detail,
        name="sample-detail",
    ),
    path(
        "adjudication/years/<uuid:year_pk>/review/<slug:slug>/sample/marks/",
        reviews.sample_mark,
        name="sample-mark",
    ),
    path("adjudication/years/<uuid:year_pk>/pay/", payments.payment_record, name="payment-record"),
    path("adjudication/years/<uuid:year_pk>/holds/new/", holds.hold_open, name="hold-open"),
    path(
        "adjudication/years/<uuid:year_pk>/disputes/new/",
        holds.dispute_raise,
        name="dispute-raise",
    ),
    path("adjudication/holds/<uuid:pk>/release/", holds.hold_release, name="hold-release"),
    path(
        "adjudication/programs/<uuid:program_pk>/comment-days/",
        committee.comment_days,
        name="comment-days",
    ),
    path("adjudication/programs/<uuid:program_pk>/ledger/", payments.ledger, name="ledger"),
    path(
        "adjudication/programs/<uuid:program_pk>/ledger/batches/new/",
        handoffs.handoff_make,
        name="handoff-make",
    ),
    path(
        "adjudication/years/<uuid:year_pk>/estimates/new/",
        payments.estimate_propose,
        name="estimate-propose",
    ),
    path(
        "adjudication/estimates/<uuid:pk>/approve/",
        payments.estimate_approve,
        name="estimate-approve",
    ),
    path(
        "adjudication/estimates/<uuid:pk>/decline/",
        payments.estimate_decline,
        name="estimate-decline",
    ),
    path("adjudication/estimates/<uuid:pk>/pay/", payments.estimate_pay, name="estimate-pay"),
    path("adjudication/entries/<uuid:pk>/recoup/", payments.entry_recoup, name="entry-recoup"),
    path("adjudication/entries/<uuid:pk>/correct/", payments.entry_correct, name="entry-correct"),
    path("adjudication/batches/<uuid:pk>.csv", handoffs.handoff_csv, name="handoff-csv"),
    path(
        "adjudication/batches/<uuid:pk>/vouchers.csv",
        handoffs.handoff_layout,
        name="handoff-layout",
    ),
    path("adjudication/reports/<uuid:pk>/", package.report_download, name="report-download"),
    path("adjudication/reports/<uuid:pk>/word/", package.report_word, name="report-word"),
    path("adjudication/reports/<uuid:pk>/fhir/", package.report_fhir, name="report-fhir"),
    path("adjudication/verification/", package.verification_download, name="verification-download"),
]
