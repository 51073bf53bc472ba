"""PDF files: rendered with WeasyPrint, verified with PDFium, joined with pikepdf.

No other room knows these libraries.
"""
