"""All addresses. Everything of a hospital stands under `/t/<tenant>/`."""

from django.urls import URLPattern, URLResolver, include, path

handler500 = "comanage.web.errors.went_wrong"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("comanage.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("calendar/", include("agreements.feed_urls")),
    path("t/<slug:tenant>/", include("adjudication.urls")),
    path("t/<slug:tenant>/programs/", include("agreements.urls")),
    path("t/<slug:tenant>/indicators/", include("indicators.urls")),
    path("t/<slug:tenant>/data/", include("scorecards.urls")),
    path("t/<slug:tenant>/", include("comanage.clients.urls")),
    path("t/<slug:tenant>/api/v1/", include("scorecards.api_urls")),
    path("t/<slug:tenant>/api/v1/", include("adjudication.api_urls")),
]
