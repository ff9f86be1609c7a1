"""Scoring plans as documents: how results become points, domains, a total and dollars.

`reading` makes a plan of a document, `engine` scores the results of many organisations. No
Django, no clock, no floats; each step can be kept with its inputs and its result.
"""
