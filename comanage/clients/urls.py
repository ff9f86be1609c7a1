"""Addresses of the open doors, under `/t/<tenant>/`."""

from django.urls import path

from comanage.clients import api
from comanage.clients.doors import CONFIGURATION, TOKEN

app_name = "clients"
urlpatterns = [
    path(CONFIGURATION, api.SmartConfiguration.as_view(), name="smart-configuration"),
    path(TOKEN, api.Token.as_view(), name="token"),
]
