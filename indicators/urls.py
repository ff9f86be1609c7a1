"""Addresses of the room, under `/t/<tenant>/indicators/`."""

from django.urls import path

from indicators.library import editor_views as editor
from indicators.library import views as library

app_name = "indicators"
urlpatterns = [
    path("", library.library, name="library"),
    path("catalogue/", library.catalogue, name="catalogue"),
    path("catalogue/<slug:slug>/", library.standard_detail, name="standard-detail"),
    path("adopt/<slug:slug>/", library.indicator_adopt, name="indicator-adopt"),
    path("new/", editor.indicator_create, name="indicator-create"),
    path("criterion/", editor.criterion_read, name="criterion-read"),
    path("<uuid:pk>/", library.indicator_detail, name="indicator-detail"),
    path("<uuid:pk>/changes/", library.indicator_changes, name="indicator-changes"),
    path("<uuid:pk>/copy/", editor.indicator_copy, name="indicator-copy"),
    path("<uuid:pk>/edit/", editor.indicator_edit, name="indicator-edit"),
]
