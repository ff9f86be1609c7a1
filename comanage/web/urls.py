"""Addresses of the ground: before any hospital, and its members, clients and trail."""

from django.urls import path

from comanage.api import views as api
from comanage.audit import views as audit
from comanage.clients import views as clients
from comanage.exports import views as exports
from comanage.identity import views as identity
from comanage.notices import views as notices
from comanage.web import views as web

app_name = "web"
urlpatterns = [
    path("", web.home, name="home"),
    path("healthz", web.healthz, name="healthz"),
    path("t/<slug:tenant>/members/", identity.member_list, name="member-list"),
    path("t/<slug:tenant>/members/new/", identity.member_grant, name="member-grant"),
    path("t/<slug:tenant>/members/<uuid:pk>/end/", identity.member_end, name="member-end"),
    path("t/<slug:tenant>/clients/", clients.client_list, name="client-list"),
    path("t/<slug:tenant>/clients/new/", clients.client_register, name="client-register"),
    path("t/<slug:tenant>/clients/new/key/", clients.client_create, name="client-create"),
    path("t/<slug:tenant>/clients/keys/allow/", clients.api_keys_allow, name="api-keys-allow"),
    path("t/<slug:tenant>/clients/keys/forbid/", clients.api_keys_forbid, name="api-keys-forbid"),
    path("t/<slug:tenant>/clients/<uuid:pk>/", clients.client_detail, name="client-detail"),
    path("t/<slug:tenant>/clients/<uuid:pk>/keys/", clients.client_key_add, name="client-key-add"),
    path(
        "t/<slug:tenant>/clients/<uuid:pk>/keys/retire/",
        clients.client_key_retire,
        name="client-key-retire",
    ),
    path("t/<slug:tenant>/clients/<uuid:pk>/renew/", clients.client_renew, name="client-renew"),
    path("t/<slug:tenant>/clients/<uuid:pk>/revoke/", clients.client_revoke, name="client-revoke"),
    path("t/<slug:tenant>/clients/webhooks/", api.webhook_list, name="webhook-list"),
    path("t/<slug:tenant>/clients/webhooks/new/", api.webhook_create, name="webhook-create"),
    path("t/<slug:tenant>/clients/webhooks/<uuid:pk>/", api.webhook_detail, name="webhook-detail"),
    path(
        "t/<slug:tenant>/clients/webhooks/<uuid:pk>/secret/",
        api.webhook_renew,
        name="webhook-renew",
    ),
    path("t/<slug:tenant>/clients/webhooks/<uuid:pk>/test/", api.webhook_test, name="webhook-test"),
    path(
        "t/<slug:tenant>/clients/webhooks/<uuid:pk>/off/",
        api.webhook_disable,
        name="webhook-disable",
    ),
    path(
        "t/<slug:tenant>/clients/webhooks/<uuid:pk>/on/", api.webhook_enable, name="webhook-enable"
    ),
    path(
        "t/<slug:tenant>/clients/webhooks/deliveries/<uuid:pk>/again/",
        api.delivery_again,
        name="delivery-again",
    ),
    path("t/<slug:tenant>/notices/", notices.notice_list, name="notice-list"),
    path("t/<slug:tenant>/notices/read/", notices.notice_read, name="notice-read"),
    path("t/<slug:tenant>/exports/", exports.export_list, name="export-list"),
    path("t/<slug:tenant>/exports/new/", exports.export_ask, name="export-ask"),
    path("t/<slug:tenant>/exports/<uuid:pk>/", exports.export_download, name="export-download"),
    path("t/<slug:tenant>/audit/", audit.audit_trail, name="audit-trail"),
]
