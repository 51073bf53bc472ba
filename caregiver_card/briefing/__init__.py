"""All the wording: turns a card into one ``Briefing``, from which every page and print starts.

The room uses ``card`` and the texts in ``data/``. Everything that shows a card takes its words from
here.
"""
