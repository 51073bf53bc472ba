"""The sources of a page, numbered."""

from caregiver_card.briefing.content import Content, Statement
from caregiver_card.briefing.sources import Source


class CitedSources:
    """The sources that a page has cited so far, numbered in that order."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.cited: list[Source] = []

    def cite(self, statement: Statement) -> str:
        """The numbers of a statement's sources, each with its line if it has one."""
        return "[" + "; ".join(self._number(source) for source in statement.sources) + "]"

    def _number(self, source: str) -> str:
        key, _, line = source.partition(":")
        found = self._content.sources[key]
        if found not in self.cited:
            self.cited.append(found)
        number = str(self.cited.index(found) + 1)
        return f"{number} {self._content.say('page.source_line', line=line)}" if line else number
