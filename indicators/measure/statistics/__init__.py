"""How sure a number is: intervals, control charts, funnels, and what may be said of a goal.

You find here statistics that are shown beside a result. Nothing here decides what is paid:
attainment compares exact fractions in `scorecards.scoring`. Counts and fractions come in;
binary floats go out, for drawing and for printing an interval.
"""
