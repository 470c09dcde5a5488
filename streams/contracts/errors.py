"""The two ways in which a message can fail; anything else is a bug and stops the worker."""

from streams.contracts.words import Language, Words


class SpokenError(Exception):
    """An error that is told to a person: a reason in English and in Chinese, and the field that is wrong.

    `field` names the part of a message, a file or an option, where one can be named. Where nobody but an engineer reads
    it, the reason is in English only.
    """

    def __init__(self, reason: str, *, zh: str = "", field: str = "") -> None:
        """Keep the reason and the field; `str` of the error is what logs hold, in English."""
        super().__init__(f"{field}: {reason}" if field else reason)
        self.reason = reason
        self.words = Words(zh or reason, reason)
        self.field = field

    def text(self, language: Language = "zh") -> str:
        """Field and reason on one line, in one language."""
        reason = self.words.in_language(language)
        return f"{self.field}: {reason}" if self.field else reason


class UnreadableError(SpokenError):
    """The message can never be used: set it aside as a dead letter with this reason and go on."""


class UnavailableError(SpokenError):
    """Something outside does not answer now: wait and try the same message again."""
