"""Dates and doses as drawings: the time since the refill as a bar, and the dose over time as steps.

This room gives positions, in hundredths of the width or height of a drawing; the templates in
``templates/charts`` draw them. It may use ``card`` alone.
"""
