"""FHIR R4 Measure and MeasureReport, in and out. No Django, no clock, no network."""
