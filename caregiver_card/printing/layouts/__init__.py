"""The layouts: one module for each print, which arranges its content on paper.

A layout may use the other rooms of ``printing``. A new layout is a new module here and a row in
``printer``.
"""
