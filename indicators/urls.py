"""Addresses of the room, under `/t/<tenant>/indicators/`."""

from django.urls import path

from indicators.library import views as library

app_name = "indicators"
urlpatterns = [
    path("", library.library, name="library"),
    path("adopt/<slug:slug>/", library.indicator_adopt, name="indicator-adopt"),
    path("<uuid:pk>/", library.indicator_detail, name="indicator-detail"),
    path("<uuid:pk>/edit/", library.indicator_edit, name="indicator-edit"),
]
