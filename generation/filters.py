"""Content filters of the study's own: word lists as data, which refuse before a backend is asked.

generation/filters/NAME.json has {title, description, words: {category: [word, …]}}. A word is met
whole and in any case; one that ends in * is met by whatever begins with it.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from radrate.errors import DomainError

FOLDER = Path(__file__).resolve().parent / "filters"
CODE = "study_filter"


@dataclass(frozen=True, slots=True)
class ContentFilter:
    """`words` maps each word of the list to its category."""

    name: str
    title: str
    description: str
    words: tuple[tuple[str, str], ...]

    def met(self, text: str) -> list[tuple[str, str]]:
        """The words of the list that a text contains, each with its category, in their order."""
        return [(word, category) for word, category in self.words if _pattern(word).search(text)]


@lru_cache(maxsize=2048)
def _pattern(word: str) -> re.Pattern[str]:
    stem = re.escape(word.removesuffix("*"))
    end = r"\w*" if word.endswith("*") else ""
    return re.compile(rf"\b{stem}{end}\b", re.IGNORECASE)


def list_filters() -> list[ContentFilter]:
    return [load_filter(path.stem) for path in sorted(FOLDER.glob("*.json"))]


@lru_cache(maxsize=16)
def load_filter(name: str) -> ContentFilter:
    """Raises DomainError with the names that exist."""
    paths = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
    if name not in paths:
        raise DomainError(
            _("There is no content filter “%(name)s”. There are: %(names)s.")
            % {"name": name, "names": ", ".join(paths)}
        )
    data = json.loads(paths[name].read_text(encoding="utf-8"))
    words = tuple((word, category) for category, listed in data["words"].items() for word in listed)
    return ContentFilter(name, data["title"], data["description"], words)
