"""Every action leaves exactly the events in the trail that stand here beside its name."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from comanage.audit.kinds import EventKind

ROOT = Path(__file__).parents[2]

# An action may end in one of several ways; each way is one event.
WRITES = {
    "comanage.notices.actions.tell": {EventKind.NOTICE_SENT},
    "comanage.identity.actions.grant_membership": {EventKind.MEMBERSHIP_GRANTED},
    "comanage.identity.actions.end_membership": {EventKind.MEMBERSHIP_ENDED},
    "comanage.exports.actions.ask_for_export": {EventKind.EXPORT_ASKED},
    "comanage.exports.actions.keep_export": {EventKind.EXPORT_FINISHED},
    "comanage.exports.actions.note_export_download": {EventKind.EXPORT_DOWNLOADED},
    "comanage.exports.actions.destroy_export": {EventKind.EXPORT_DESTROYED},
    "comanage.vault.actions.rotate_keys": {EventKind.KEYS_ROTATED},
    "comanage.api.actions.create_webhook": {EventKind.WEBHOOK_CREATED},
    "comanage.api.actions.renew_webhook_secret": {EventKind.WEBHOOK_RENEWED},
    "comanage.api.actions.send_test_message": {EventKind.WEBHOOK_TESTED},
    "comanage.api.actions.send_again": {EventKind.WEBHOOK_REPLAYED},
    "comanage.api.actions.disable_webhook": {EventKind.WEBHOOK_DISABLED},
    "comanage.api.actions.enable_webhook": {EventKind.WEBHOOK_ENABLED},
    "comanage.api.actions.keep_attempt": {EventKind.WEBHOOK_SWITCHED_OFF},
    "comanage.clients.actions.register_client": {EventKind.CLIENT_REGISTERED},
    "comanage.clients.actions.create_extract_client": {EventKind.CLIENT_CREATED},
    "comanage.clients.actions.renew_extract_client": {EventKind.CLIENT_RENEWED},
    "comanage.clients.actions.revoke_extract_client": {EventKind.CLIENT_REVOKED},
    "comanage.clients.actions.add_client_keys": {EventKind.CLIENT_KEYS_ADDED},
    "comanage.clients.actions.retire_client_key": {EventKind.CLIENT_KEY_RETIRED},
    "comanage.clients.actions.keep_fetched_keys": {EventKind.CLIENT_KEYS_FETCHED},
    "comanage.clients.actions.allow_api_keys": {EventKind.API_KEYS_ALLOWED},
    "comanage.clients.actions.forbid_api_keys": {EventKind.API_KEYS_FORBIDDEN},
    "comanage.clients.actions.issue_access_token": {EventKind.CLIENT_SIGNED_IN},
    "comanage.clients.actions.note_refused_client": {EventKind.CLIENT_REFUSED},
    "indicators.library.actions.adopt_indicator": {EventKind.INDICATOR_ADOPTED},
    "indicators.library.actions.create_indicator": {EventKind.INDICATOR_CREATED},
    "indicators.library.actions.save_version": {EventKind.INDICATOR_VERSION_SAVED},
    "agreements.programs.actions.create_program": {EventKind.PROGRAM_CREATED},
    "agreements.programs.actions.choose_model": {EventKind.MODEL_CHOSEN},
    "agreements.workplans.actions.make_workplan": {EventKind.WORKPLAN_MADE},
    "agreements.workplans.actions.note_plan_copy": {EventKind.WORKPLAN_COPIED},
    "agreements.workplans.actions.add_task": {EventKind.TASK_ADDED},
    "agreements.workplans.actions.edit_task": {EventKind.TASK_EDITED},
    "agreements.workplans.actions.finish_task": {EventKind.TASK_DONE},
    "agreements.workplans.actions.end_drafting": {EventKind.TASK_ENDED},
    "agreements.workplans.actions.reopen_task": {EventKind.TASK_REOPENED},
    "agreements.workplans.actions.remove_task": {EventKind.TASK_REMOVED},
    "agreements.participants.actions.add_participant": {EventKind.PARTICIPANT_ADDED},
    "agreements.participants.actions.part_with": {EventKind.PARTICIPANT_LEFT},
    "agreements.participants.actions.give_seat": {EventKind.SEAT_GIVEN},
    "agreements.participants.actions.take_seat": {EventKind.SEAT_TAKEN},
    "agreements.credentials.actions.record_license": {EventKind.LICENSE_RECORDED},
    "agreements.credentials.actions.record_screenings": {EventKind.SCREENED},
    "agreements.ownerships.actions.record_ownership": {EventKind.OWNERSHIP_RECORDED},
    "agreements.governance.actions.seat_on_committee": {EventKind.COMMITTEE_SEAT_GIVEN},
    "agreements.governance.actions.end_committee_seat": {EventKind.COMMITTEE_SEAT_ENDED},
    "agreements.governance.actions.record_disclosure": {EventKind.DISCLOSURE_RECORDED},
    "agreements.valuations.actions.file_opinion": {EventKind.OPINION_FILED},
    "scorecards.opportunities.actions.ask_for_assessment": {EventKind.ASSESSMENT_ASKED},
    "scorecards.opportunities.actions.keep_assessment": {EventKind.ASSESSMENT_COMPUTED},
    "scorecards.opportunities.actions.cancel_assessment": {EventKind.ASSESSMENT_CANCELLED},
    "scorecards.opportunities.actions.note_summary_download": {EventKind.ASSESSMENT_DOWNLOADED},
    "agreements.valuations.actions.note_opinion_download": {EventKind.OPINION_DOWNLOADED},
    "agreements.valuations.actions.write_memo": {EventKind.MEMO_WRITTEN},
    "agreements.valuations.actions.note_memo_download": {EventKind.MEMO_DOWNLOADED},
    "agreements.readiness.actions.submit_sheet": {EventKind.READINESS_ANSWERED},
    "agreements.allocations.actions.agree_allocation": {EventKind.ALLOCATION_AGREED},
    "agreements.allocations.actions.withdraw_allocation": {EventKind.ALLOCATION_WITHDRAWN},
    "agreements.components.actions.agree_component": {EventKind.COMPONENT_AGREED},
    "agreements.components.actions.withdraw_component": {EventKind.COMPONENT_WITHDRAWN},
    "agreements.duties.actions.agree_duty": {EventKind.DUTY_AGREED},
    "agreements.duties.actions.change_duty": {EventKind.DUTY_CHANGED},
    "agreements.duties.actions.withdraw_duty": {EventKind.DUTY_WITHDRAWN},
    "agreements.duties.actions.take_fee": {EventKind.FEE_TAKEN},
    "agreements.work.actions.record_work": {EventKind.WORK_RECORDED},
    "agreements.work.actions.record_savings": {EventKind.SAVINGS_RECORDED},
    "agreements.work.actions.approve_work": {EventKind.WORK_APPROVED},
    "agreements.work.actions.decline_work": {EventKind.WORK_DECLINED},
    "agreements.dates.actions.make_feed": {EventKind.CALENDAR_FEED_MADE},
    "agreements.dates.actions.revoke_feed": {EventKind.CALENDAR_FEED_REVOKED},
    "agreements.contracts.actions.enter_contract": {EventKind.CONTRACT_ENTERED},
    "agreements.contracts.actions.lock_amended_terms": {EventKind.TERMS_AMENDED},
    "agreements.contracts.actions.record_contract_event": {EventKind.CONTRACT_EVENT_RECORDED},
    "agreements.contracts.actions.keep_contract_paper": {EventKind.CONTRACT_PAPER_KEPT},
    "agreements.contracts.actions.note_paper_download": {EventKind.CONTRACT_PAPER_TAKEN},
    "agreements.contracts.actions.note_list_copy": {EventKind.CONTRACT_LIST_COPIED},
    "agreements.drafting.actions.begin_agreement": {EventKind.AGREEMENT_BEGUN},
    "agreements.drafting.actions.edit_agreement": {EventKind.AGREEMENT_EDITED},
    "agreements.drafting.actions.change_clause": {EventKind.CLAUSE_CHANGED},
    "agreements.drafting.actions.make_version": {EventKind.AGREEMENT_VERSION_MADE},
    "agreements.lint.actions.waive_finding": {EventKind.FINDING_WAIVED},
    "agreements.lint.actions.withdraw_waiver": {EventKind.WAIVER_WITHDRAWN},
    "agreements.lint.actions.keep_findings": {EventKind.FINDINGS_KEPT},
    "agreements.lint.actions.note_findings_copy": {EventKind.FINDINGS_COPIED},
    "agreements.drafting.actions.note_version_copy": {EventKind.AGREEMENT_COPIED},
    "agreements.drafting.actions.withdraw_agreement": {EventKind.AGREEMENT_WITHDRAWN},
    "agreements.approvers.actions.change_chain": {EventKind.APPROVAL_CHAIN_CHANGED},
    "agreements.signing.actions.send_for_approval": {EventKind.AGREEMENT_SENT_ROUND},
    "agreements.signing.actions.decide_approval": {EventKind.APPROVAL_DECIDED},
    "agreements.signing.actions.sign_agreement": {EventKind.AGREEMENT_SIGNED},
    "agreements.signing.actions.execute_agreement": {EventKind.AGREEMENT_EXECUTED},
    "agreements.signing.actions.recall_round": {EventKind.ROUND_RECALLED},
    "agreements.scans.actions.receive_scan": {EventKind.SCAN_RECEIVED},
    "agreements.scans.actions.confirm_scan": {EventKind.SCAN_CONFIRMED},
    "agreements.scans.actions.decline_scan": {EventKind.SCAN_DECLINED},
    "agreements.scans.actions.note_scan_copy": {EventKind.SCAN_COPIED},
    "agreements.signing.actions.decline_signature": {EventKind.SIGNATURE_DECLINED},
    "agreements.signing.actions.note_executed_copy": {EventKind.EXECUTED_COPIED},
    "agreements.negotiation.actions.share_version": {EventKind.VERSION_SHARED},
    "agreements.negotiation.actions.comment_on_clause": {EventKind.CLAUSE_COMMENTED},
    "agreements.negotiation.actions.write_privileged_note": {EventKind.PRIVILEGED_NOTE_WRITTEN},
    "agreements.proposals.actions.propose_change": {EventKind.CHANGE_PROPOSED},
    "agreements.wordfiles.actions.receive_word": {EventKind.WORD_RECEIVED},
    "agreements.proposals.actions.accept_proposal": {EventKind.PROPOSAL_ACCEPTED},
    "agreements.proposals.actions.decline_proposal": {EventKind.PROPOSAL_DECLINED},
    "agreements.proposals.actions.withdraw_proposal": {EventKind.PROPOSAL_WITHDRAWN},
    "agreements.negotiation.actions.note_redline_copy": {EventKind.REDLINE_COPIED},
    "agreements.terms.actions.draft_year": {EventKind.YEAR_DRAFTED},
    "agreements.terms.actions.edit_year": {EventKind.YEAR_EDITED},
    "agreements.terms.actions.put_scoring_plan": {EventKind.SCORING_PLAN_PUT},
    "agreements.terms.actions.agree_indicator": {EventKind.INDICATOR_AGREED},
    "agreements.terms.actions.change_indicator": {EventKind.INDICATOR_CHANGED},
    "agreements.terms.actions.take_baseline": {EventKind.BASELINE_TAKEN},
    "agreements.terms.actions.withdraw_indicator": {EventKind.INDICATOR_WITHDRAWN},
    "agreements.terms.actions.lock_terms": {EventKind.TERMS_LOCKED},
    "agreements.terms.actions.open_period": {EventKind.PERIOD_OPENED},
    "agreements.terms.actions.close_period": {EventKind.PERIOD_CLOSED},
    "agreements.terms.actions.end_year_early": {EventKind.YEAR_ENDED_EARLY},
    "agreements.terms.actions.reopen_period": {EventKind.PERIOD_REOPENED},
    "scorecards.dataagreements.actions.file_data_agreement": {EventKind.DATA_AGREEMENT_FILED},
    "scorecards.dataagreements.actions.note_document_download": {
        EventKind.DATA_AGREEMENT_DOWNLOADED
    },
    "scorecards.feeds.actions.declare_feed": {EventKind.FEED_DECLARED},
    "scorecards.feeds.actions.edit_feed": {EventKind.FEED_EDITED},
    "scorecards.feeds.actions.give_map": {EventKind.FEED_MAPPED},
    "scorecards.feeds.actions.state_expectation": {EventKind.EXPECTATION_STATED},
    "scorecards.intake.actions.receive_upload": {EventKind.UPLOAD_RECEIVED},
    "scorecards.intake.actions.cancel_upload": {EventKind.UPLOAD_CANCELLED},
    "scorecards.intake.actions.record_outcome": {
        EventKind.UPLOAD_ACCEPTED,
        EventKind.UPLOAD_CHECKED,
        EventKind.UPLOAD_HELD,
        EventKind.UPLOAD_REJECTED,
        EventKind.UPLOAD_SET_ASIDE,
    },
    "scorecards.parts.actions.begin_parts": {EventKind.PARTS_BEGUN},
    "scorecards.parts.actions.drop_parts": {EventKind.PARTS_DROPPED},
    "scorecards.restatements.actions.accept_upload": {EventKind.HELD_UPLOAD_ACCEPTED},
    "scorecards.restatements.actions.decline_upload": {EventKind.UPLOAD_DECLINED},
    "scorecards.restatements.actions.ask_for_restatement": {EventKind.RESTATEMENT_ASKED},
    "scorecards.restatements.actions.approve_restatement": {EventKind.RESTATEMENT_APPROVED},
    "scorecards.restatements.actions.decline_restatement": {EventKind.RESTATEMENT_DECLINED},
    "scorecards.retention.actions.destroy_upload_file": {EventKind.UPLOAD_DESTROYED},
    "scorecards.retention.actions.destroy_parts": {EventKind.PARTS_DESTROYED},
    "scorecards.retention.actions.destroy_unclaimed_cases": {EventKind.CASES_DESTROYED},
    "scorecards.baselines.actions.freeze_baseline": {EventKind.BASELINE_FROZEN},
    "scorecards.cards.actions.ask_for_recompute": {EventKind.RECOMPUTE_ASKED},
    "scorecards.cards.actions.keep_scorecard": {EventKind.SCORECARD_COMPUTED},
    "scorecards.cases.actions.note_cases_read": {EventKind.CASES_READ},
    "adjudication.years.actions.freeze_year": {EventKind.ADJUDICATION_OPENED},
    "adjudication.years.actions.sign_off": {EventKind.SIGNED_OFF},
    "adjudication.years.actions.approve_on_condition": {EventKind.SIGNED_ON_CONDITION},
    "adjudication.committee.actions.comment_on_result": {EventKind.COMMENTED},
    "adjudication.committee.actions.set_comment_days": {EventKind.COMMENT_DAYS_SET},
    "adjudication.reviews.actions.recompute_result": {EventKind.REVIEW_RECOMPUTED},
    "adjudication.reviews.actions.record_figures": {EventKind.FIGURES_RECORDED},
    "adjudication.reviews.actions.mark_sample": {EventKind.SAMPLE_MARKED},
    "adjudication.holds.actions.open_hold": {EventKind.HOLD_OPENED},
    "adjudication.holds.actions.raise_dispute": {EventKind.DISPUTED},
    "adjudication.holds.actions.release_hold": {EventKind.HOLD_RELEASED},
    "adjudication.years.actions.return_for_changes": {EventKind.RETURNED},
    "adjudication.package.actions.keep_report": {EventKind.REPORT_RENDERED},
    "adjudication.package.actions.note_copy": {EventKind.REPORT_COPIED},
    "adjudication.package.actions.note_download": {EventKind.REPORT_DOWNLOADED},
    "adjudication.payments.actions.book_year": {EventKind.YEAR_BOOKED},
    "adjudication.payments.actions.record_payment": {EventKind.PAYMENT_RECORDED},
    "adjudication.payments.actions.propose_estimate": {EventKind.ESTIMATE_PROPOSED},
    "adjudication.payments.actions.approve_estimate": {EventKind.ESTIMATE_APPROVED},
    "adjudication.payments.actions.decline_estimate": {EventKind.ESTIMATE_DECLINED},
    "adjudication.payments.actions.pay_estimate": {EventKind.ESTIMATE_PAID},
    "adjudication.payments.actions.recoup_overpayment": {EventKind.OVERPAYMENT_RECOUPED},
    "adjudication.payments.actions.correct_entry": {EventKind.ENTRY_CORRECTED},
    "adjudication.handoffs.actions.make_handoff": {EventKind.HANDOFF_MADE},
    "adjudication.handoffs.actions.note_handoff_download": {EventKind.HANDOFF_DOWNLOADED},
}

# Shrinks: a name that is gone, or writes an event, must leave the list.
WRITES_NOTHING = {
    "comanage.clients.actions.claim_key_fetch": "keeps others away; the keys are the event",
    "comanage.clients.actions.remind_of_ending_keys": "the notices are the events",
    "comanage.tenancy.actions.create_tenant": "an operator's deed, before the trail has a tenant",
    "comanage.notices.actions.mark_mailed": "the notice is the event; when it went out is a fact",
    "comanage.notices.actions.mark_read": "a mark on a notice: it asks for nothing more",
    "scorecards.feeds.actions.plan_morning": "queues work; the notices are the events",
    "agreements.dates.actions.remind_of_critical_dates": "the notices are the events",
    "scorecards.feeds.actions.remind_of_late_files": "the notices are the events",
    "agreements.readiness.actions.take_gap": "adds a task, which is the event",
    "scorecards.opportunities.actions.take_proposal": "agrees the indicator and freezes its "
    "baseline, which are the events",
    "agreements.terms.actions.draft_next_year": "drafts the year and agrees each indicator, "
    "which are the events",
    "agreements.proposals.actions.keep_proposals": "the change or the file is the event",
    "agreements.allocations.actions.carry_allocation_over": "agrees a division, which is the event",
    "agreements.duties.actions.carry_duties_over": "agrees each duty, which are the events",
    "agreements.components.actions.carry_components_over": "agrees each part, which are the events",
    "scorecards.parts.actions.keep_part": "the file is the event, when it is begun and received",
    "scorecards.parts.actions.complete_parts": "receives the whole file, which is the event",
    "scorecards.parts.actions.join_parts": "the file was received; a wrong one is rejected by its "
    "outcome, which is the event",
    "scorecards.intake.actions.note_progress": "how far a check has come is no deed",
    "scorecards.restatements.actions.send_restatement": "receives and asks, which are the events",
    "scorecards.restatements.actions.complete_restatement": "receives and asks, as above",
    "scorecards.restatements.actions.ask_to_weigh": "queues work; the decision is the event",
    "scorecards.restatements.actions.keep_weighing": "keeps what a decision will rest on",
    "scorecards.cards.actions.recompute_for_slice": "queues work; the scorecard is the event",
    "scorecards.cards.actions.plan_night": "queues work; the scorecard is the event",
    "scorecards.retention.actions.plan_retention": "queues work; each destruction is an event",
    "adjudication.committee.actions.invite_committee": "the notices are the events",
    "adjudication.package.actions.ask_for_report": "queues work; the report is the event",
}

NOT_BY_AN_ACTION = {
    EventKind.SIGNED_IN: "comanage/identity/trail.py",
    EventKind.SIGNED_OUT: "comanage/identity/trail.py",
    EventKind.SIGN_IN_FAILED: "comanage/identity/trail.py",
    EventKind.ACCESS_DENIED: "comanage/identity/guards.py",
    EventKind.TRAIL_VIEWED: "comanage/audit/views.py",
}


def action_modules() -> list[ModuleType]:
    rooms = ("comanage", "indicators", "agreements", "scorecards", "adjudication")
    files = [file for room in rooms for file in sorted((ROOT / room).glob("*/actions.py"))]
    return [
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for file in files
    ]


def functions_of(module: ModuleType) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node


def actions() -> dict[str, ast.FunctionDef]:
    return {
        f"{module.__name__}.{name}": node
        for module in action_modules()
        for name, node in functions_of(module)
        if not name.startswith("_")
    }


def calls(node: ast.AST) -> set[str]:
    return {
        each.func.id
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    }


def kinds_named(node: ast.AST) -> set[EventKind]:
    return {
        EventKind[each.attr]
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id == "EventKind"
    }


def writes(action: str) -> set[EventKind]:
    """Return the kinds an action writes itself or through a private function of its file."""
    module = importlib.import_module(action.rpartition(".")[0])
    here = dict(functions_of(module))
    node = here[action.rpartition(".")[2]]
    through = [here[name] for name in calls(node) if name.startswith("_") and name in here]
    if not any("record_event" in calls(each) for each in [node, *through]):
        return set()
    return kinds_named(node).union(*map(kinds_named, through))


ACTIONS = actions()


def test_every_action_stands_here():
    assert ACTIONS.keys() == WRITES.keys() | WRITES_NOTHING.keys()


@pytest.mark.parametrize("action", sorted(WRITES))
def test_an_action_writes_its_events(action: str):
    assert writes(action) == WRITES[action]


@pytest.mark.parametrize("action", sorted(WRITES_NOTHING))
def test_what_writes_no_event_is_listed_with_a_reason(action: str):
    assert writes(action) == set()


def test_each_kind_of_event_is_written_in_one_place():
    by_actions = [kind for kinds in WRITES.values() for kind in kinds]

    assert sorted([*by_actions, *NOT_BY_AN_ACTION]) == sorted(EventKind)
    for kind, file in NOT_BY_AN_ACTION.items():
        assert f"EventKind.{kind.name}" in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("action", sorted(WRITES))
def test_an_action_takes_its_arguments_by_name_and_says_who_acts(action: str):
    module, _, name = action.rpartition(".")
    function = inspect.unwrap(getattr(importlib.import_module(module), name))

    assert isinstance(function, FunctionType)
    parameters = inspect.signature(function).parameters.values()
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert "by" in {parameter.name for parameter in parameters}


@pytest.mark.parametrize("action", sorted(WRITES))
def test_deed_and_event_stand_or_fall_together(action: str):
    """An action that writes rows does so in one transaction with its event."""
    if action == "adjudication.package.actions.note_download":  # writes nothing but the event
        return
    decorators = {ast.unparse(each) for each in ACTIONS[action].decorator_list}

    assert "transaction.atomic" in decorators
