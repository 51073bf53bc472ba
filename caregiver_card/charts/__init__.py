"""Dates and doses as drawings: the time since the refill as a bar, and the dose over time as steps.

This room gives positions, in hundredths of the width or height of a drawing; the template
``documents/_charts.html`` draws them. It may use ``card`` alone.
"""
