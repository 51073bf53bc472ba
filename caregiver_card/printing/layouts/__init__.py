"""One file a print: what stands where on it.

Uses the other rooms of ``printing``. A new layout is a new file here and a row in ``printer``.
"""
