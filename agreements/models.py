"""All models of the room, gathered for Django."""

from agreements.components.models import PayComponent
from agreements.participants.models import Participant, Physician, PhysicianGroup, ProgramSeat
from agreements.programs.models import Program
from agreements.readiness.models import ReadinessSheet
from agreements.terms.models import AgreedIndicator, MeasurementYear, Tier
from agreements.valuations.models import Opinion
from agreements.work.models import WorkDecision, WorkEntry, WorkSheet

__all__ = [
    "AgreedIndicator",
    "MeasurementYear",
    "Opinion",
    "Participant",
    "PayComponent",
    "Physician",
    "PhysicianGroup",
    "Program",
    "ProgramSeat",
    "ReadinessSheet",
    "Tier",
    "WorkDecision",
    "WorkEntry",
    "WorkSheet",
]
