"""The address that a calendar program reads; its key alone says of which hospital it is."""

from django.urls import path

from agreements.dates import views as dates

urlpatterns = [path("<slug:key>.ics", dates.feed, name="calendar-feed")]
