"""Addresses of the room, under `/t/<tenant>/programs/`."""

from django.urls import path

from agreements.allocations import views as allocations
from agreements.approvers import views as approvers
from agreements.components import views as components
from agreements.contracts import views as contracts
from agreements.credentials import views as credentials
from agreements.dates import views as dates
from agreements.drafting import views as drafting
from agreements.duties import views as duties
from agreements.governance import views as governance
from agreements.lint import views as lint
from agreements.negotiation import views as negotiation
from agreements.ownerships import views as ownerships
from agreements.participants import views as participants
from agreements.programs import views as programs
from agreements.proposals import views as proposals
from agreements.readiness import views as readiness
from agreements.scans import views as scans
from agreements.signing import views as signing
from agreements.terms import views as terms
from agreements.valuations import views as valuations
from agreements.wordfiles import views as wordfiles
from agreements.work import views as work
from agreements.workplans import views as workplans

app_name = "agreements"
urlpatterns = [
    path("", programs.program_list, name="program-list"),
    path("new/", programs.program_create, name="program-create"),
    path("approval-chain/", approvers.approval_chain, name="approval-chain"),
    path("approval-chain/change/", approvers.approval_chain_change, name="approval-chain-change"),
    path("calendar/", dates.calendar, name="calendar"),
    path("calendar/feed/new/", dates.feed_make, name="calendar-feed-make"),
    path("calendar/feed/revoke/", dates.feed_revoke, name="calendar-feed-revoke"),
    path("contracts/", contracts.contract_list, name="contract-list"),
    path("contracts/new/", contracts.contract_enter, name="contract-enter"),
    path("contracts/csv/", contracts.contract_csv, name="contract-csv"),
    path("contracts/<uuid:pk>/", contracts.contract_detail, name="contract-detail"),
    path("contracts/<uuid:pk>/papers/new/", contracts.paper_keep, name="contract-paper-keep"),
    path("contracts/papers/<uuid:pk>/", contracts.paper_download, name="contract-paper"),
    path("contracts/<uuid:pk>/events/new/", contracts.event_record, name="contract-event"),
    path("<uuid:pk>/", programs.program_detail, name="program-detail"),
    path(
        "<uuid:program_pk>/participants/new/",
        participants.participant_add,
        name="participant-add",
    ),
    path("participants/<uuid:pk>/leave/", participants.participant_leave, name="participant-leave"),
    path("<uuid:program_pk>/people/", participants.people, name="people"),
    path("<uuid:program_pk>/licenses/new/", credentials.license_record, name="license-record"),
    path(
        "<uuid:program_pk>/screenings/new/",
        credentials.screening_record,
        name="screening-record",
    ),
    path("<uuid:program_pk>/owners/new/", ownerships.ownership_record, name="ownership-record"),
    path(
        "<uuid:program_pk>/committee/new/",
        governance.committee_seat_give,
        name="committee-seat-give",
    ),
    path("committee/<uuid:pk>/end/", governance.committee_seat_end, name="committee-seat-end"),
    path("<uuid:program_pk>/disclosures/", governance.disclosure_list, name="disclosure-list"),
    path(
        "<uuid:program_pk>/disclosures/new/",
        governance.disclosure_record,
        name="disclosure-record",
    ),
    path("seats/<uuid:pk>/take/", participants.seat_take, name="seat-take"),
    path("<uuid:program_pk>/seats/new/", participants.seat_give, name="seat-give"),
    path("models/", workplans.model_compare, name="model-compare"),
    path("<uuid:pk>/model/", workplans.model_choose, name="model-choose"),
    path("<uuid:pk>/workplan/", workplans.workplan_detail, name="workplan-detail"),
    path("<uuid:pk>/workplan/new/", workplans.workplan_make, name="workplan-make"),
    path("<uuid:pk>/workplan/file/", workplans.workplan_file, name="workplan-file"),
    path("<uuid:pk>/workplan/tasks/new/", workplans.task_add, name="task-add"),
    path("tasks/<uuid:pk>/edit/", workplans.task_edit, name="task-edit"),
    path("tasks/<uuid:pk>/done/", workplans.task_finish, name="task-finish"),
    path("tasks/<uuid:pk>/reopen/", workplans.task_reopen, name="task-reopen"),
    path("tasks/<uuid:pk>/remove/", workplans.task_remove, name="task-remove"),
    path("<uuid:program_pk>/opinions/new/", valuations.opinion_file, name="opinion-file"),
    path("opinions/<uuid:pk>/paper/", valuations.opinion_download, name="opinion-download"),
    path("<uuid:program_pk>/memos/", valuations.memo_list, name="memo-list"),
    path("<uuid:program_pk>/memos/new/", valuations.memo_write, name="memo-write"),
    path("memos/<uuid:pk>/paper/", valuations.memo_download, name="memo-download"),
    path("<uuid:program_pk>/readiness/", readiness.readiness_detail, name="readiness-detail"),
    path(
        "<uuid:program_pk>/readiness/answer/",
        readiness.readiness_answer,
        name="readiness-answer",
    ),
    path("<uuid:program_pk>/readiness/tasks/", readiness.gap_take, name="gap-take"),
    path("<uuid:program_pk>/years/new/", terms.year_draft, name="year-draft"),
    path("years/<uuid:pk>/", terms.year_detail, name="year-detail"),
    path("years/<uuid:pk>/edit/", terms.year_edit, name="year-edit"),
    path("years/<uuid:pk>/next/", terms.year_next, name="year-next"),
    path("years/<uuid:pk>/indicators/new/", terms.indicator_agree, name="indicator-agree"),
    path("indicators/<uuid:pk>/", terms.indicator_change, name="indicator-change"),
    path("indicators/<uuid:pk>/withdraw/", terms.indicator_withdraw, name="indicator-withdraw"),
    path("years/<uuid:pk>/division/", allocations.allocation_agree, name="allocation-agree"),
    path(
        "years/<uuid:pk>/division/withdraw/",
        allocations.allocation_withdraw,
        name="allocation-withdraw",
    ),
    path("years/<uuid:pk>/duties/", duties.duty_list, name="duty-list"),
    path("years/<uuid:pk>/duties/new/", duties.duty_agree, name="duty-agree"),
    path("years/<uuid:pk>/duties/fee/", duties.fee_take, name="fee-take"),
    path("duties/<uuid:pk>/change/", duties.duty_change, name="duty-change"),
    path("duties/<uuid:pk>/withdraw/", duties.duty_withdraw, name="duty-withdraw"),
    path("years/<uuid:pk>/pay/new/", components.component_agree, name="component-agree"),
    path("pay/<uuid:pk>/withdraw/", components.component_withdraw, name="component-withdraw"),
    path("years/<uuid:pk>/work/", work.work_detail, name="work-detail"),
    path("years/<uuid:pk>/work/new/", work.work_record, name="work-record"),
    path("years/<uuid:pk>/work/file/", work.work_file, name="work-file"),
    path("years/<uuid:pk>/work/savings/", work.work_savings, name="work-savings"),
    path("work/<uuid:pk>/approve/", work.work_approve, name="work-approve"),
    path("work/<uuid:pk>/decline/", work.work_decline, name="work-decline"),
    path("<uuid:program_pk>/agreement/new/", drafting.agreement_begin, name="agreement-begin"),
    path("agreements/<uuid:pk>/", drafting.agreement_detail, name="agreement-detail"),
    path("agreements/<uuid:pk>/edit/", drafting.agreement_edit, name="agreement-edit"),
    path("agreements/<uuid:pk>/withdraw/", drafting.agreement_withdraw, name="agreement-withdraw"),
    path("agreements/<uuid:pk>/clauses/new/", drafting.clause_add, name="clause-add"),
    path("agreements/<uuid:pk>/clauses/<slug:slug>/", drafting.clause_detail, name="clause-detail"),
    path(
        "agreements/<uuid:pk>/clauses/<slug:slug>/edit/", drafting.clause_edit, name="clause-edit"
    ),
    path(
        "agreements/<uuid:pk>/clauses/<slug:slug>/omit/", drafting.clause_omit, name="clause-omit"
    ),
    path(
        "agreements/<uuid:pk>/clauses/<slug:slug>/move/", drafting.clause_move, name="clause-move"
    ),
    path(
        "agreements/<uuid:pk>/clauses/<slug:slug>/restore/",
        drafting.clause_restore,
        name="clause-restore",
    ),
    path("agreements/<uuid:pk>/versions/new/", drafting.version_make, name="version-make"),
    path("versions/<uuid:pk>/", drafting.version_detail, name="version-detail"),
    path("versions/<uuid:pk>/findings/", lint.version_findings, name="version-findings"),
    path("versions/<uuid:pk>/findings.pdf", lint.findings_print, name="findings-print"),
    path("versions/<uuid:pk>/findings/keep/", lint.findings_keep, name="findings-keep"),
    path("versions/<uuid:pk>/findings/waive/", lint.finding_waive, name="finding-waive"),
    path("versions/<uuid:pk>/findings/withdraw/", lint.waiver_withdraw, name="waiver-withdraw"),
    path("versions/<uuid:pk>/pdf/", drafting.version_pdf, name="version-pdf"),
    path("versions/<uuid:pk>/word/", wordfiles.version_word, name="version-word"),
    path("agreements/<uuid:pk>/negotiation/", negotiation.negotiation, name="negotiation"),
    path("agreements/<uuid:pk>/redline/", negotiation.redline, name="redline"),
    path("agreements/<uuid:pk>/redline.pdf", negotiation.redline_print, name="redline-print"),
    path("agreements/<uuid:pk>/word/", wordfiles.word_return, name="word-return"),
    path("word-files/<uuid:pk>/", wordfiles.return_detail, name="return-detail"),
    path("versions/<uuid:pk>/redline.docx", wordfiles.redline_word, name="redline-word"),
    path("versions/<uuid:pk>/share/", negotiation.version_share, name="version-share"),
    path("versions/<uuid:pk>/propose/", proposals.proposal_add, name="proposal-add"),
    path(
        "versions/<uuid:pk>/clauses/<slug:slug>/", negotiation.clause_discuss, name="clause-discuss"
    ),
    path(
        "versions/<uuid:pk>/clauses/<slug:slug>/comment/",
        negotiation.comment_write,
        name="comment-write",
    ),
    path("versions/<uuid:pk>/clauses/<slug:slug>/note/", negotiation.note_write, name="note-write"),
    path(
        "versions/<uuid:pk>/clauses/<slug:slug>/propose/",
        proposals.proposal_make,
        name="proposal-make",
    ),
    path(
        "versions/<uuid:pk>/clauses/<slug:slug>/propose-omission/",
        proposals.proposal_omit,
        name="proposal-omit",
    ),
    path(
        "versions/<uuid:pk>/clauses/<slug:slug>/propose-place/",
        proposals.proposal_move,
        name="proposal-move",
    ),
    path("proposals/<uuid:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path("proposals/<uuid:pk>/accept/", proposals.proposal_accept, name="proposal-accept"),
    path("proposals/<uuid:pk>/decline/", proposals.proposal_decline, name="proposal-decline"),
    path("proposals/<uuid:pk>/withdraw/", proposals.proposal_withdraw, name="proposal-withdraw"),
    path("versions/<uuid:pk>/send/", signing.version_send, name="version-send"),
    path("agreements/<uuid:pk>/signing/", signing.signing, name="signing"),
    path("agreements/<uuid:pk>/signing/recall/", signing.round_recall, name="round-recall"),
    path("agreements/<uuid:pk>/signing/paper/", scans.scan_receive, name="scan-receive"),
    path("papers/<uuid:pk>/", scans.scan_detail, name="scan-detail"),
    path("papers/<uuid:pk>/confirm/", scans.scan_confirm, name="scan-confirm"),
    path("papers/<uuid:pk>/decline/", scans.scan_decline, name="scan-decline"),
    path("papers/<uuid:pk>/scan.pdf", scans.scan_download, name="scan-download"),
    path("agreements/<uuid:pk>/signing/decide/", signing.approval_decide, name="approval-decide"),
    path("agreements/<uuid:pk>/signing/met/", signing.condition_meet, name="condition-meet"),
    path("agreements/<uuid:pk>/signing/sign/", signing.agreement_sign, name="agreement-sign"),
    path(
        "agreements/<uuid:pk>/signing/decline/", signing.agreement_decline, name="agreement-decline"
    ),
    path("agreements/<uuid:pk>/executed.pdf", signing.executed_download, name="executed-download"),
    path("years/<uuid:pk>/lock/", terms.terms_lock, name="terms-lock"),
    path("years/<uuid:pk>/open/", terms.period_open, name="period-open"),
]
