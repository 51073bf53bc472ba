"""Everything under ``/o/``: the owner's pages."""
