"""All models of the room, gathered for Django."""

from agreements.participants.models import Participant, Physician, PhysicianGroup, ProgramSeat
from agreements.programs.models import Program
from agreements.terms.models import AgreedIndicator, MeasurementYear, Tier
from agreements.valuations.models import Opinion

__all__ = [
    "AgreedIndicator",
    "MeasurementYear",
    "Opinion",
    "Participant",
    "Physician",
    "PhysicianGroup",
    "Program",
    "ProgramSeat",
    "Tier",
]
