"""One expression in both languages of the screens: Chinese, the default, and English."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One expression in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The expression in one language."""
        return self.zh if language == "zh" else self.en
