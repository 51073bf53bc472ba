"""The sources of a page, numbered."""

from caregiver_card.briefing.content import Content, Statement
from caregiver_card.briefing.sources import Source


class CitedSources:
    """The sources that a page has cited so far, numbered in that order."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.cited: list[Source] = []

    def cite(self, statement: Statement) -> str:
        """The numbers of a statement's sources, each with its lines if it has any: ``2:21``."""
        lines: dict[str, list[str]] = {}
        for source in statement.sources:
            key, _, line = source.partition(":")
            lines.setdefault(key, []).append(line)
        return "; ".join(self._number(*each) for each in lines.items())

    def _number(self, key: str, lines: list[str]) -> str:
        found = self._content.sources[key]
        if found not in self.cited:
            self.cited.append(found)
        number = str(self.cited.index(found) + 1)
        line = ",".join(filter(None, lines))
        return f"{number}:{line}" if line else number
