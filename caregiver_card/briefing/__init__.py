"""A card in finished words: the one ``Briefing`` that every page and print starts from.

Uses ``card`` and the words in ``data/``. Whoever writes a card down takes its words from here.
"""
