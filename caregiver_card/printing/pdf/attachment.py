"""A file within a print."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed in a print; ``on`` is the day of its content."""

    name: str
    body: bytes
    about: str
    on: date
