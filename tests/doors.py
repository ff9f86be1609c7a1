"""Every address: what it asks for, and which record it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from adjudication.handoffs.models import Handoff
from adjudication.holds.models import Hold
from adjudication.package.models import Report
from adjudication.payments.models import Estimate, LedgerEntry
from agreements.components.models import PayComponent
from agreements.contracts.models import Contract, ContractPaper
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.duties.models import Duty
from agreements.governance.models import CommitteeSeat
from agreements.negotiation.models import Proposal, WordReturn
from agreements.participants.models import Participant, ProgramSeat
from agreements.programs.models import Program
from agreements.scans.models import SignedScan
from agreements.terms.models import AgreedIndicator, MeasurementYear
from agreements.valuations.models import Memo, Opinion
from agreements.work.models import WorkSheet
from agreements.workplans.models import WorkplanTask
from comanage.api.models import Webhook, WebhookDelivery
from comanage.exports.models import TenantExport
from comanage.identity.models import ExtractClient, Membership
from comanage.identity.roles import Permission
from indicators.library.models import Indicator
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.models import Feed
from scorecards.intake.models import PartialUpload, Upload
from scorecards.opportunities.models import Assessment

UNDER_A_HOSPITAL = "t/<slug:tenant>/"

# Before any hospital. Shrinks: an address that is gone must leave the list.
WITHOUT_A_HOSPITAL = {
    "": "choose a hospital; asks for a sign-in itself",
    "calendar/<slug:key>.ics": "a member's dates, behind the wall that the key in it names",
    "healthz": "says whether the process lives, and nothing else",
}
# Under a hospital, and open without a principal. Shrinks.
OPEN = {
    "clients:smart-configuration": "says how to sign in, alike for every name, hospital or not",
    "clients:token": "gives a token for a signed assertion, behind the wall the client id names",
}
ALLAUTH = "accounts/"  # sign-in, password, second factor: a person's own, before any hospital

# Which record an address is about, by the name of the door where `pk` alone does not say it.
RECORDS: dict[str, Any] = {
    "scorecards:opportunity-detail": Assessment,
    "scorecards:opportunity-cancel": Assessment,
    "scorecards:proposal-take": Assessment,
    "scorecards:summary-download": Assessment,
    "agreements:program-detail": Program,
    "agreements:participant-leave": Participant,
    "agreements:committee-seat-end": CommitteeSeat,
    "agreements:seat-take": ProgramSeat,
    "agreements:model-choose": Program,
    "agreements:workplan-detail": Program,
    "agreements:workplan-make": Program,
    "agreements:workplan-file": Program,
    "agreements:task-add": Program,
    "agreements:task-edit": WorkplanTask,
    "agreements:task-finish": WorkplanTask,
    "agreements:task-reopen": WorkplanTask,
    "agreements:task-remove": WorkplanTask,
    "agreements:year-detail": MeasurementYear,
    "agreements:year-edit": MeasurementYear,
    "agreements:indicator-agree": MeasurementYear,
    "agreements:indicator-change": AgreedIndicator,
    "agreements:indicator-withdraw": AgreedIndicator,
    "agreements:allocation-agree": MeasurementYear,
    "agreements:allocation-withdraw": MeasurementYear,
    "agreements:component-agree": MeasurementYear,
    "agreements:component-withdraw": PayComponent,
    "agreements:opinion-download": Opinion,
    "agreements:memo-download": Memo,
    "agreements:duty-list": MeasurementYear,
    "agreements:duty-agree": MeasurementYear,
    "agreements:duty-change": Duty,
    "agreements:duty-withdraw": Duty,
    "agreements:fee-take": MeasurementYear,
    "agreements:work-detail": MeasurementYear,
    "agreements:work-record": MeasurementYear,
    "agreements:work-file": MeasurementYear,
    "agreements:work-savings": MeasurementYear,
    "agreements:work-approve": WorkSheet,
    "agreements:work-decline": WorkSheet,
    "agreements:contract-detail": Contract,
    "agreements:contract-event": Contract,
    "agreements:contract-paper-keep": Contract,
    "agreements:contract-paper": ContractPaper,
    "agreements:agreement-detail": Agreement,
    "agreements:agreement-edit": Agreement,
    "agreements:agreement-withdraw": Agreement,
    "agreements:clause-add": Agreement,
    "agreements:clause-detail": Agreement,
    "agreements:clause-edit": Agreement,
    "agreements:clause-omit": Agreement,
    "agreements:clause-restore": Agreement,
    "agreements:clause-move": Agreement,
    "agreements:version-make": Agreement,
    "agreements:version-detail": AgreementVersion,
    "agreements:version-findings": AgreementVersion,
    "agreements:findings-print": AgreementVersion,
    "agreements:findings-keep": AgreementVersion,
    "agreements:finding-waive": AgreementVersion,
    "agreements:waiver-withdraw": AgreementVersion,
    "agreements:version-pdf": AgreementVersion,
    "agreements:version-word": AgreementVersion,
    "agreements:year-next": MeasurementYear,
    "agreements:version-send": AgreementVersion,
    "agreements:signing": Agreement,
    "agreements:round-recall": Agreement,
    "agreements:scan-receive": Agreement,
    "agreements:scan-detail": SignedScan,
    "agreements:scan-confirm": SignedScan,
    "agreements:scan-decline": SignedScan,
    "agreements:scan-download": SignedScan,
    "agreements:approval-decide": Agreement,
    "agreements:condition-meet": Agreement,
    "agreements:agreement-sign": Agreement,
    "agreements:agreement-decline": Agreement,
    "agreements:executed-download": Agreement,
    "agreements:negotiation": Agreement,
    "agreements:redline": Agreement,
    "agreements:redline-print": Agreement,
    "agreements:word-return": Agreement,
    "agreements:return-detail": WordReturn,
    "agreements:redline-word": AgreementVersion,
    "agreements:version-share": AgreementVersion,
    "agreements:clause-discuss": AgreementVersion,
    "agreements:comment-write": AgreementVersion,
    "agreements:note-write": AgreementVersion,
    "agreements:proposal-add": AgreementVersion,
    "agreements:proposal-make": AgreementVersion,
    "agreements:proposal-omit": AgreementVersion,
    "agreements:proposal-move": AgreementVersion,
    "agreements:proposal-detail": Proposal,
    "agreements:proposal-accept": Proposal,
    "agreements:proposal-decline": Proposal,
    "agreements:proposal-withdraw": Proposal,
    "agreements:terms-lock": MeasurementYear,
    "agreements:period-open": MeasurementYear,
    "adjudication:report-download": Report,
    "adjudication:report-word": Report,
    "adjudication:report-fhir": Report,
    "adjudication:hold-release": Hold,
    "adjudication:estimate-approve": Estimate,
    "adjudication:estimate-decline": Estimate,
    "adjudication:estimate-pay": Estimate,
    "adjudication:entry-recoup": LedgerEntry,
    "adjudication:entry-correct": LedgerEntry,
    "adjudication:handoff-csv": Handoff,
    "adjudication:handoff-layout": Handoff,
    "api:feed-detail": Feed,
    "api:feed-sample": Feed,
    "api:upload-detail": PartialUpload,
    "api:upload-complete": PartialUpload,
    "api:upload-part": PartialUpload,
    "api:submission-detail": Upload,
    "api:submission-outcome": Upload,
    "indicators:indicator-changes": Indicator,
    "indicators:indicator-copy": Indicator,
    "indicators:indicator-detail": Indicator,
    "indicators:indicator-edit": Indicator,
    "scorecards:agreement-download": DataAgreement,
    "scorecards:feed-detail": Feed,
    "scorecards:feed-edit": Feed,
    "scorecards:map-changes": Feed,
    "scorecards:map-edit": Feed,
    "scorecards:map-propose": Feed,
    "scorecards:findings-download": Upload,
    "scorecards:restatement-approve": Upload,
    "scorecards:restatement-ask": Upload,
    "scorecards:restatement-decline": Upload,
    "scorecards:upload-accept": Upload,
    "scorecards:upload-cancel": Upload,
    "scorecards:upload-cases": Upload,
    "scorecards:upload-decline": Upload,
    "scorecards:upload-detail": Upload,
    "web:client-detail": ExtractClient,
    "web:client-key-add": ExtractClient,
    "web:client-key-retire": ExtractClient,
    "web:client-renew": ExtractClient,
    "web:client-revoke": ExtractClient,
    "web:delivery-again": WebhookDelivery,
    "web:export-download": TenantExport,
    "web:member-end": Membership,
    "web:webhook-detail": Webhook,
    "web:webhook-disable": Webhook,
    "web:webhook-enable": Webhook,
    "web:webhook-renew": Webhook,
    "web:webhook-test": Webhook,
}
BY_PARAMETER = {
    "program_pk": Program,
    "year_pk": MeasurementYear,
    "agreed_pk": AgreedIndicator,
    "feed_pk": Feed,
}
# An indicator of both hospitals' terms; a clause of both hospitals' agreements.
SLUGS = dict.fromkeys(
    (
        "scorecards:case-list",
        "adjudication:review-count",
        "adjudication:sample-detail",
        "adjudication:sample-mark",
    ),
    "readmission-30-day",
) | dict.fromkeys(
    (
        "agreements:clause-detail",
        "agreements:clause-edit",
        "agreements:clause-omit",
        "agreements:clause-restore",
        "agreements:clause-move",
        "agreements:clause-discuss",
        "agreements:comment-write",
        "agreements:note-write",
        "agreements:proposal-make",
        "agreements:proposal-omit",
        "agreements:proposal-move",
    ),
    "recitals",
)
# What is typeset for whoever asks, the same for all: one role sees it for every role let in.
TYPESET = {
    "adjudication:report-word",
    "agreements:findings-print",
    "agreements:version-pdf",
    "agreements:version-word",
    "scorecards:summary-download",
}
IN_A_PROGRAM = {
    *(Program, MeasurementYear, AgreedIndicator, Report, Agreement, AgreementVersion),
    *(Proposal, WordReturn, SignedScan),
}


# What each door asks for, said a second time: a permission changes in two places or not at all.
ASKS = {
    "web:member-list": Permission.MEMBER_EDIT,
    "web:member-grant": Permission.MEMBER_EDIT,
    "web:member-end": Permission.MEMBER_EDIT,
    "web:client-list": Permission.CLIENT_EDIT,
    "web:client-create": Permission.CLIENT_EDIT,
    "web:client-detail": Permission.CLIENT_EDIT,
    "web:client-register": Permission.CLIENT_EDIT,
    "web:client-key-add": Permission.CLIENT_EDIT,
    "web:client-key-retire": Permission.CLIENT_EDIT,
    "web:api-keys-allow": Permission.CLIENT_EDIT,
    "web:api-keys-forbid": Permission.CLIENT_EDIT,
    "web:client-renew": Permission.CLIENT_EDIT,
    "web:client-revoke": Permission.CLIENT_EDIT,
    "web:webhook-list": Permission.CLIENT_EDIT,
    "web:webhook-create": Permission.CLIENT_EDIT,
    "web:webhook-detail": Permission.CLIENT_EDIT,
    "web:webhook-renew": Permission.CLIENT_EDIT,
    "web:webhook-test": Permission.CLIENT_EDIT,
    "web:webhook-disable": Permission.CLIENT_EDIT,
    "web:webhook-enable": Permission.CLIENT_EDIT,
    "web:delivery-again": Permission.CLIENT_EDIT,
    "web:notice-list": Permission.NOTICE_READ,
    "web:notice-read": Permission.NOTICE_READ,
    "web:export-list": Permission.TENANT_EXPORT,
    "web:export-ask": Permission.TENANT_EXPORT,
    "web:export-download": Permission.TENANT_EXPORT,
    "web:audit-trail": Permission.AUDIT_VIEW,
    "adjudication:overview": Permission.PROGRAM_VIEW,
    "adjudication:stacking": Permission.STACKING_VIEW,
    "adjudication:year-detail": Permission.ADJUDICATION_VIEW,
    "adjudication:year-freeze": Permission.ADJUDICATION_PREPARE,
    "adjudication:year-sign": Permission.ADJUDICATION_SIGN,
    "adjudication:year-return": Permission.ADJUDICATION_SIGN,
    "adjudication:year-condition": Permission.ADJUDICATION_SIGN,
    "adjudication:hold-open": Permission.HOLD_OPEN,
    "adjudication:hold-release": Permission.ADJUDICATION_SIGN,
    "adjudication:comment-write": Permission.RESULT_COMMENT,
    "adjudication:comment-days": Permission.PROGRAM_EDIT,
    "adjudication:review-detail": Permission.ADJUDICATION_VIEW,
    "adjudication:review-recompute": Permission.REVIEW_RECORD,
    "adjudication:review-offline": Permission.REVIEW_RECORD,
    "adjudication:review-count": Permission.REVIEW_RECORD,
    "adjudication:sample-detail": Permission.SAMPLE_VIEW,
    "adjudication:sample-mark": Permission.REVIEW_RECORD,
    "adjudication:dispute-raise": Permission.DISPUTE_RAISE,
    "adjudication:payment-record": Permission.PAYMENT_RECORD,
    "adjudication:ledger": Permission.ADJUDICATION_VIEW,
    "adjudication:estimate-propose": Permission.ESTIMATE_PROPOSE,
    "adjudication:estimate-approve": Permission.ESTIMATE_APPROVE,
    "adjudication:estimate-decline": Permission.ESTIMATE_APPROVE,
    "adjudication:estimate-pay": Permission.PAYMENT_RECORD,
    "adjudication:entry-recoup": Permission.PAYMENT_RECORD,
    "adjudication:entry-correct": Permission.PAYMENT_RECORD,
    "adjudication:handoff-make": Permission.PAYMENT_RECORD,
    "adjudication:handoff-csv": Permission.ADJUDICATION_VIEW,
    "adjudication:handoff-layout": Permission.ADJUDICATION_VIEW,
    "ledger:year-ledger": Permission.API_READ,
    "ledger:year-settlement": Permission.API_READ,
    "ledger:batch-list": Permission.API_READ,
    "adjudication:report-download": Permission.ADJUDICATION_VIEW,
    "adjudication:report-word": Permission.ADJUDICATION_VIEW,
    "adjudication:report-fhir": Permission.ADJUDICATION_VIEW,
    "adjudication:verification-download": Permission.ADJUDICATION_VIEW,
    "agreements:program-list": Permission.PROGRAM_VIEW,
    "agreements:program-create": Permission.PROGRAM_EDIT,
    "agreements:program-detail": Permission.PROGRAM_VIEW,
    "agreements:model-compare": Permission.PROGRAM_VIEW,
    "agreements:model-choose": Permission.PROGRAM_EDIT,
    "agreements:workplan-detail": Permission.PROGRAM_VIEW,
    "agreements:workplan-make": Permission.PROGRAM_EDIT,
    "agreements:workplan-file": Permission.PROGRAM_EDIT,
    "agreements:task-add": Permission.PROGRAM_EDIT,
    "agreements:task-edit": Permission.PROGRAM_EDIT,
    "agreements:task-finish": Permission.TASK_FINISH,
    "agreements:task-reopen": Permission.TASK_FINISH,
    "agreements:task-remove": Permission.PROGRAM_EDIT,
    "agreements:participant-add": Permission.PROGRAM_EDIT,
    "agreements:participant-leave": Permission.PROGRAM_EDIT,
    "agreements:people": Permission.PROGRAM_VIEW,
    "agreements:license-record": Permission.CREDENTIAL_RECORD,
    "agreements:screening-record": Permission.CREDENTIAL_RECORD,
    "agreements:calendar": Permission.PROGRAM_VIEW,
    "agreements:calendar-feed-make": Permission.PROGRAM_VIEW,
    "agreements:calendar-feed-revoke": Permission.PROGRAM_VIEW,
    "agreements:contract-list": Permission.CONTRACT_VIEW,
    "agreements:contract-enter": Permission.CONTRACT_RECORD,
    "agreements:contract-csv": Permission.CONTRACT_VIEW,
    "agreements:contract-paper-keep": Permission.CONTRACT_RECORD,
    "agreements:contract-paper": Permission.CONTRACT_VIEW,
    "agreements:contract-detail": Permission.CONTRACT_VIEW,
    "agreements:contract-event": Permission.CONTRACT_RECORD,
    "agreements:ownership-record": Permission.PROGRAM_EDIT,
    "agreements:committee-seat-give": Permission.PROGRAM_EDIT,
    "agreements:committee-seat-end": Permission.PROGRAM_EDIT,
    "agreements:disclosure-list": Permission.DISCLOSURE_RECORD,
    "agreements:disclosure-record": Permission.DISCLOSURE_RECORD,
    "agreements:seat-give": Permission.PROGRAM_EDIT,
    "agreements:seat-take": Permission.PROGRAM_EDIT,
    "agreements:opinion-file": Permission.PROGRAM_EDIT,
    "agreements:opinion-download": Permission.VALUATION_READ,
    "agreements:memo-list": Permission.VALUATION_READ,
    "agreements:memo-write": Permission.PROGRAM_EDIT,
    "agreements:memo-download": Permission.VALUATION_READ,
    "agreements:readiness-detail": Permission.PROGRAM_VIEW,
    "agreements:gap-take": Permission.PROGRAM_EDIT,
    "agreements:readiness-answer": Permission.READINESS_ANSWER,
    "agreements:year-draft": Permission.PROGRAM_EDIT,
    "agreements:year-detail": Permission.PROGRAM_VIEW,
    "agreements:year-edit": Permission.PROGRAM_EDIT,
    "agreements:allocation-agree": Permission.PROGRAM_EDIT,
    "agreements:allocation-withdraw": Permission.PROGRAM_EDIT,
    "agreements:component-agree": Permission.PROGRAM_EDIT,
    "agreements:component-withdraw": Permission.PROGRAM_EDIT,
    "agreements:agreement-begin": Permission.AGREEMENT_DRAFT,
    "agreements:agreement-detail": Permission.PROGRAM_VIEW,
    "agreements:agreement-edit": Permission.AGREEMENT_DRAFT,
    "agreements:agreement-withdraw": Permission.AGREEMENT_DRAFT,
    "agreements:clause-add": Permission.AGREEMENT_DRAFT,
    "agreements:clause-detail": Permission.PROGRAM_VIEW,
    "agreements:clause-edit": Permission.AGREEMENT_DRAFT,
    "agreements:clause-omit": Permission.AGREEMENT_DRAFT,
    "agreements:clause-restore": Permission.AGREEMENT_DRAFT,
    "agreements:clause-move": Permission.AGREEMENT_DRAFT,
    "agreements:version-make": Permission.AGREEMENT_DRAFT,
    "agreements:version-detail": Permission.PROGRAM_VIEW,
    "agreements:version-findings": Permission.FINDING_VIEW,
    "agreements:findings-print": Permission.FINDING_VIEW,
    "agreements:findings-keep": Permission.AGREEMENT_DRAFT,
    "agreements:finding-waive": Permission.FINDING_WAIVE,
    "agreements:waiver-withdraw": Permission.FINDING_WAIVE,
    "agreements:version-pdf": Permission.PROGRAM_VIEW,
    "agreements:version-word": Permission.PROGRAM_VIEW,
    "agreements:duty-list": Permission.PROGRAM_VIEW,
    "agreements:duty-agree": Permission.PROGRAM_EDIT,
    "agreements:duty-change": Permission.PROGRAM_EDIT,
    "agreements:duty-withdraw": Permission.PROGRAM_EDIT,
    "agreements:fee-take": Permission.PROGRAM_EDIT,
    "agreements:work-detail": Permission.PROGRAM_VIEW,
    "agreements:work-record": Permission.WORK_RECORD,
    "agreements:work-file": Permission.WORK_RECORD,
    "agreements:work-savings": Permission.WORK_RECORD,
    "agreements:work-approve": Permission.WORK_APPROVE,
    "agreements:work-decline": Permission.WORK_APPROVE,
    "agreements:year-next": Permission.PROGRAM_EDIT,
    "agreements:indicator-agree": Permission.PROGRAM_EDIT,
    "agreements:indicator-change": Permission.PROGRAM_EDIT,
    "agreements:indicator-withdraw": Permission.PROGRAM_EDIT,
    "agreements:approval-chain": Permission.APPROVAL_CHAIN_EDIT,
    "agreements:approval-chain-change": Permission.APPROVAL_CHAIN_EDIT,
    "agreements:version-send": Permission.AGREEMENT_DRAFT,
    "agreements:signing": Permission.PROGRAM_VIEW,
    "agreements:round-recall": Permission.AGREEMENT_DRAFT,
    "agreements:scan-receive": Permission.AGREEMENT_DRAFT,
    "agreements:scan-detail": Permission.CONTRACT_RECORD,
    "agreements:scan-confirm": Permission.CONTRACT_RECORD,
    "agreements:scan-decline": Permission.CONTRACT_RECORD,
    "agreements:scan-download": Permission.PROGRAM_VIEW,
    "agreements:approval-decide": Permission.AGREEMENT_APPROVE,
    "agreements:condition-meet": Permission.AGREEMENT_APPROVE,
    "agreements:agreement-sign": Permission.AGREEMENT_SIGN,
    "agreements:agreement-decline": Permission.AGREEMENT_SIGN,
    "agreements:executed-download": Permission.PROGRAM_VIEW,
    "agreements:negotiation": Permission.PROGRAM_VIEW,
    "agreements:redline": Permission.PROGRAM_VIEW,
    "agreements:redline-print": Permission.PROGRAM_VIEW,
    "agreements:redline-word": Permission.PROGRAM_VIEW,
    "agreements:word-return": Permission.AGREEMENT_PROPOSE,
    "agreements:return-detail": Permission.PROGRAM_VIEW,
    "agreements:version-share": Permission.AGREEMENT_DRAFT,
    "agreements:clause-discuss": Permission.PROGRAM_VIEW,
    "agreements:comment-write": Permission.AGREEMENT_COMMENT,
    "agreements:note-write": Permission.PRIVILEGED_NOTE,
    "agreements:proposal-add": Permission.AGREEMENT_PROPOSE,
    "agreements:proposal-make": Permission.AGREEMENT_PROPOSE,
    "agreements:proposal-omit": Permission.AGREEMENT_PROPOSE,
    "agreements:proposal-move": Permission.AGREEMENT_PROPOSE,
    "agreements:proposal-detail": Permission.PROGRAM_VIEW,
    "agreements:proposal-accept": Permission.AGREEMENT_PROPOSE,
    "agreements:proposal-decline": Permission.AGREEMENT_PROPOSE,
    "agreements:proposal-withdraw": Permission.AGREEMENT_PROPOSE,
    "agreements:terms-lock": Permission.TERMS_LOCK,
    "agreements:period-open": Permission.PERIOD_OPEN,
    "indicators:library": Permission.LIBRARY_VIEW,
    "indicators:catalogue": Permission.LIBRARY_VIEW,
    "indicators:standard-detail": Permission.LIBRARY_VIEW,
    "indicators:indicator-adopt": Permission.LIBRARY_EDIT,
    "indicators:indicator-create": Permission.LIBRARY_EDIT,
    "indicators:criterion-read": Permission.LIBRARY_EDIT,
    "indicators:indicator-changes": Permission.LIBRARY_VIEW,
    "indicators:indicator-copy": Permission.LIBRARY_EDIT,
    "indicators:indicator-detail": Permission.LIBRARY_VIEW,
    "indicators:indicator-edit": Permission.LIBRARY_EDIT,
    "scorecards:agreement-list": Permission.FEED_VIEW,
    "scorecards:agreement-file": Permission.DATA_AGREEMENT_FILE,
    "scorecards:agreement-download": Permission.DATA_AGREEMENT_READ,
    "scorecards:feed-list": Permission.FEED_VIEW,
    "scorecards:feed-declare": Permission.FEED_DECLARE,
    "scorecards:feed-detail": Permission.FEED_VIEW,
    "scorecards:feed-edit": Permission.FEED_DECLARE,
    "scorecards:map-changes": Permission.FEED_VIEW,
    "scorecards:map-edit": Permission.FEED_DECLARE,
    "scorecards:map-check": Permission.FEED_DECLARE,
    "scorecards:map-propose": Permission.FEED_DECLARE,
    "scorecards:feed-propose": Permission.FEED_DECLARE,
    "scorecards:expectation-state": Permission.FEED_DECLARE,
    "scorecards:upload-submit": Permission.UPLOAD_SUBMIT,
    "scorecards:upload-preview": Permission.UPLOAD_SUBMIT,
    "scorecards:parts-begin": Permission.UPLOAD_SUBMIT,
    "scorecards:parts-keep": Permission.UPLOAD_SUBMIT,
    "scorecards:parts-complete": Permission.UPLOAD_SUBMIT,
    "scorecards:parts-drop": Permission.UPLOAD_SUBMIT,
    "scorecards:upload-detail": Permission.FEED_VIEW,
    "scorecards:upload-accept": Permission.UPLOAD_ACCEPT,
    "scorecards:upload-decline": Permission.UPLOAD_ACCEPT,
    "scorecards:upload-cancel": Permission.UPLOAD_SUBMIT,
    "scorecards:upload-cases": Permission.CASES_VIEW,
    "scorecards:restatement-ask": Permission.UPLOAD_SUBMIT,
    "scorecards:restatement-approve": Permission.RESTATEMENT_APPROVE,
    "scorecards:restatement-decline": Permission.RESTATEMENT_APPROVE,
    "scorecards:findings-download": Permission.FEED_VIEW,
    "scorecards:opportunity-list": Permission.SCORECARD_VIEW,
    "scorecards:opportunity-ask": Permission.PROGRAM_EDIT,
    "scorecards:opportunity-detail": Permission.SCORECARD_VIEW,
    "scorecards:opportunity-cancel": Permission.PROGRAM_EDIT,
    "scorecards:proposal-take": Permission.PROGRAM_EDIT,
    "scorecards:summary-download": Permission.SCORECARD_VIEW,
    "scorecards:baseline-compute": Permission.PROGRAM_EDIT,
    "scorecards:baseline-freeze": Permission.PROGRAM_EDIT,
    "scorecards:scorecard": Permission.SCORECARD_VIEW,
    "scorecards:scorecard-recompute": Permission.SCORECARD_RECOMPUTE,
    "scorecards:edition-list": Permission.SCORECARD_VIEW,
    "scorecards:trend": Permission.SCORECARD_VIEW,
    "scorecards:strata": Permission.SCORECARD_VIEW,
    "scorecards:what-if": Permission.SCORECARD_VIEW,
    "scorecards:design": Permission.PROGRAM_EDIT,
    "scorecards:plan-detail": Permission.PROGRAM_VIEW,
    "scorecards:plan-begin": Permission.PROGRAM_EDIT,
    "scorecards:plan-edit": Permission.PROGRAM_EDIT,
    "scorecards:plan-check": Permission.PROGRAM_EDIT,
    "scorecards:plan-withdraw": Permission.PROGRAM_EDIT,
    "scorecards:case-list": Permission.CASES_VIEW,
    "api:feed-list": Permission.API_READ,
    "api:feed-detail": Permission.API_READ,
    "api:submission-list": Permission.API_SUBMIT,
    "api:feed-sample": Permission.API_READ,
    "api:upload-create": Permission.API_SUBMIT,
    "api:upload-detail": Permission.API_SUBMIT,
    "api:upload-complete": Permission.API_SUBMIT,
    "api:upload-part": Permission.API_SUBMIT,
    "api:submission-detail": Permission.API_READ,
    "api:submission-outcome": Permission.API_READ,
    "api:scorecard": Permission.API_READ,
    "api:what-if": Permission.API_READ,
}


@dataclass(frozen=True)
class Door:
    """One address under a hospital."""

    name: str
    route: str
    view: Any
    parameters: tuple[str, ...]

    @property
    def permission(self) -> Permission | None:
        return getattr(getattr(self.view, "view_class", self.view), "permission", None) or getattr(
            getattr(self.view, "cls", None), "permission", None
        )

    @property
    def is_api(self) -> bool:
        return hasattr(self.view, "cls")

    @property
    def methods(self) -> tuple[str, ...]:
        return ("get", "post", "put", "delete") if self.is_api else ("get", "post")

    @property
    def record_parameter(self) -> str | None:
        return next((name for name in self.parameters if name.endswith("pk")), None)

    @property
    def record(self) -> Any:
        name = self.record_parameter
        return None if name is None else BY_PARAMETER.get(name) or RECORDS[self.name]

    def address(self, tenant: str, record_id: UUID | None = None) -> str:
        given: dict[str, Any] = {"tenant": tenant}
        if self.record_parameter:
            given[self.record_parameter] = record_id
        if "slug" in self.parameters:
            given["slug"] = SLUGS.get(self.name, "inpatient-mortality")
        if "number" in self.parameters:
            given["number"] = 1
        return reverse(self.name, kwargs=given)

    def __str__(self) -> str:
        return self.name


@cache
def all_routes() -> dict[str, tuple[str, URLPattern]]:
    return {route: (name, pattern) for name, route, pattern in _walk(get_resolver(), "", "")}


def _walk(resolver: URLResolver, route: str, space: str) -> Iterator[tuple[str, str, URLPattern]]:
    for each in resolver.url_patterns:
        here = f"{route}{each.pattern}"
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else space
            yield from _walk(each, here, inner)
        else:
            yield f"{space}{each.name}", here, each


def doors() -> list[Door]:
    return [
        Door(name, route, each.callback, tuple(re.findall(r"<\w+:(\w+)>", route)))
        for route, (name, each) in all_routes().items()
        if route.startswith(UNDER_A_HOSPITAL) and name not in OPEN
    ]


DOORS = doors()
PAGES = [door for door in DOORS if not door.is_api]
API = [door for door in DOORS if door.is_api]
ABOUT_A_RECORD = [door for door in DOORS if door.record_parameter]
