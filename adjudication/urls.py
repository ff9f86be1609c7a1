"""Addresses of the room, under `/t/<tenant>/`: the overview stands at the hospital itself."""

from django.urls import path

from adjudication.holds import views as holds
from adjudication.overview import views as overview
from adjudication.package import views as package
from adjudication.payments import views as payments
from adjudication.years import views as years

app_name = "adjudication"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("adjudication/years/<uuid:year_pk>/", years.year_detail, name="year-detail"),
    path("adjudication/years/<uuid:year_pk>/freeze/", years.year_freeze, name="year-freeze"),
    path("adjudication/years/<uuid:year_pk>/sign/", years.year_sign, name="year-sign"),
    path(
        "adjudication/years/<uuid:year_pk>/condition/", years.year_condition, name="year-condition"
    ),
    path("adjudication/years/<uuid:year_pk>/return/", years.year_return, name="year-return"),
    path("adjudication/years/<uuid:year_pk>/pay/", payments.payment_record, name="payment-record"),
    path("adjudication/years/<uuid:year_pk>/holds/new/", holds.hold_open, name="hold-open"),
    path(
        "adjudication/years/<uuid:year_pk>/disputes/new/",
        holds.dispute_raise,
        name="dispute-raise",
    ),
    path("adjudication/holds/<uuid:pk>/release/", holds.hold_release, name="hold-release"),
    path("adjudication/reports/<uuid:pk>/", package.report_download, name="report-download"),
    path("adjudication/verification/", package.verification_download, name="verification-download"),
]
