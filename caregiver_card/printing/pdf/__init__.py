"""PDF: made by WeasyPrint, read back before it is handed over, joined to one file."""
