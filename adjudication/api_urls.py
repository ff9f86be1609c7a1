"""Addresses of the ledger in the API, under `/t/<tenant>/api/v1/`."""

from django.urls import path

from adjudication.handoffs import api as handoffs
from adjudication.package import api as package
from adjudication.payments import api as payments

app_name = "ledger"
urlpatterns = [
    path("years/<uuid:year_pk>/ledger", payments.YearLedger.as_view(), name="year-ledger"),
    path(
        "years/<uuid:year_pk>/settlement",
        package.YearSettlement.as_view(),
        name="year-settlement",
    ),
    path("batches", handoffs.BatchList.as_view(), name="batch-list"),
]
