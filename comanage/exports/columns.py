"""What each column of an export holds, in a line: its help text, or what its name says."""

from typing import Any

from django.db import models

# By name, or by table and name where one name means two things.
_ABOUT = {
    "action": "What was done.",
    "actor_id": "Who did it: a person or a machine; empty for the system.",
    "actor_kind": "Whether a person, a machine or the system did it.",
    "actor_name": "The name of whoever did it, as it was then.",
    "actor_role": "The role in which it was done.",
    "amount": "US dollars.",
    "at": "When it was done.",
    "attempt": "How often it was tried.",
    "attempts": "How often it was tried.",
    "baseline_denominator": "The lower part of the rate before the program.",
    "baseline_numerator": "The upper part of the rate before the program.",
    "baseline_source": "Where the rate before the program comes from.",
    "body": "The text.",
    "bytes_read": "Bytes that the check has read.",
    "code": "The word by which machines tell findings apart.",
    "column": "The column that a finding is about; empty for the whole file.",
    "compare_places": "Decimals to which a rate is rounded before it is compared.",
    "counterparty": "With whom the agreement is made.",
    "data_source": "Where the data of its results come from.",
    "decision_reason": "Why a person decided so.",
    "details": "What was recorded of the deed.",
    "disabled_because": "Why it was switched off.",
    "document": "The whole of it; each is a file of its own too.",
    "dropped_columns": "Columns of the file that the map does not know, and that were not kept.",
    "earned": "What the results earn of the pool, in US dollars.",
    "ends_on": "The day after the last day.",
    "engine_version": "Of the computation.",
    "expires_at": "When it ends.",
    "filename": "As its sender called it.",
    "findings_total": "Errors and warnings together.",
    "fixed": "The highest fixed fee found fair, in US dollars.",
    "fixed_fee": "US dollars a year for the management duties.",
    "goal": "The result from which it is earned.",
    "hash": "Of the event and the hash before it: together they are a chain.",
    "headers": "Of the answer.",
    "holds_cases": "Whether the export holds cases.",
    "idempotency_key": "What a repeat of the request is told by.",
    "incentive": "The highest incentive pay found fair, in US dollars.",
    "incentive_pool": "US dollars a year that the results can earn.",
    "input_sha256": "Of what the computation read.",
    "is_dry_run": "Whether the file was only checked.",
    "joined_on": "The first day.",
    "jwks_url": "Where the machine's public keys are served.",
    "key": "What a repeat is told by.",
    "kind": "What sort it is.",
    "kinds": "What it is told of.",
    "last_problem": "What went wrong last.",
    "last_status": "The HTTP status of the last answer.",
    "last_used_at": "When it was last used.",
    "lease_until": "Until when a worker holds it.",
    "logical_sha256": "Of the decoded columns.",
    "message": "What is wrong, where, and what to do.",
    "message_id": "What the receiver tells a repeat by.",
    "minimum_cases": "Cases under which nothing is judged.",
    "name": "What it is called.",
    "next_at": "When it is tried next.",
    "note": "What was noted.",
    "npi": "National provider identifier.",
    "number": "Counts from 1.",
    "objective": "What it is for.",
    "payload": "What is sent: ids alone.",
    "permitted_uses": "What the agreement lets the data be used for.",
    "pool": "What the results can earn, in US dollars.",
    "position": "The place in its list.",
    "previous_hash": "The hash of the event before.",
    "previous_until": "Until when the secret before still signs.",
    "problem": "What went wrong.",
    "reason": "Why.",
    "rebase_reason": "Why the rate before the program was set anew.",
    "route": "The door that was asked.",
    "row": "The row of the file, its header being row 1; empty for the whole file.",
    "rows": "How many rows.",
    "rows_read": "Rows that the check has read.",
    "rows_skipped": "Faulty rows that were left out.",
    "scope": "Which cases count.",
    "scopes": "What the machine may do.",
    "sequence": "Counts the events of the hospital, without a gap.",
    "severity": "Whether it refuses the file (error) or asks for a look (warning).",
    "sha256": "Of the content, in hexadecimal.",
    "share": "The share of the indicator's weight that it earns.",
    "size": "Bytes.",
    "skips_faulty_rows": "Whether faulty rows are left out.",
    "slug": "The word that stands for it in addresses.",
    "snapshot_sha256": "Of the snapshot that was signed.",
    "source": "Who or what says so.",
    "source_system": "From which system it comes.",
    "specialty": "Of the physician.",
    "starts_on": "The first day.",
    "status": "How it stands.",
    "comanage.IdempotentRequest.status": "The HTTP status of the answer.",
    "storage_name": "Its file: under files/, less the hospital's id.",
    "subject": "The title.",
    "subject_id": "The row that it is about.",
    "subject_label": "What it was about, as it was called then.",
    "subject_type": "The table that it is about.",
    "terms": "The signed terms, frozen.",
    "terms_sha256": "Of the frozen terms.",
    "title": "What it is called.",
    "total": "US dollars in all.",
    "url": "The address that is called.",
    "valid_from": "The first day on which it holds.",
    "valuator": "Who gave the opinion.",
    "version": "Counts from 1; the highest holds.",
    "warnings_total": "How many warnings.",
    "year_number": "Which year of the program, from 1; empty for all.",
}


def about_column(field: "models.Field[Any, Any]", points_to: str) -> str:
    """Say what a column holds.

    Args:
        field: of a model.
        points_to: the table that it names a row of; empty for none.
    """
    told = [str(field.help_text) or _by_name(field, points_to)]
    if field.choices:
        words = (f"{value} ({label})" for value, label in field.flatchoices if value)
        told.append(f"One of: {', '.join(words)}.")
    return " ".join(filter(None, told))


def _by_name(field: "models.Field[Any, Any]", points_to: str) -> str:
    name = field.attname
    if field.primary_key:
        return "Names the row."
    if points_to:
        return f"Names a row of {points_to}."
    found = _ABOUT.get(f"{field.model._meta.label}.{name}") or _ABOUT.get(name)
    if found:
        return found
    words = name.removesuffix("_at").removesuffix("_on").removesuffix("_id").replace("_", " ")
    if name.endswith("_at"):
        return f"When it was {words}."
    if name.endswith("_on"):
        return f"The day on which it was {words}."
    return f"{words.capitalize()}."
