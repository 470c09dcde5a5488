"""The two ways in which a message can fail; anything else is a bug and stops the worker."""


class UnreadableError(Exception):
    """The message can never be used: set it aside as a dead letter with this reason and go on.

    `field` names the part of the message that is wrong, where one can be named.
    """

    def __init__(self, reason: str, *, field: str = "") -> None:
        """Keep the reason and the field for the dead letter."""
        super().__init__(f"{field}: {reason}" if field else reason)
        self.reason = reason
        self.field = field


class UnavailableError(Exception):
    """Something outside does not answer now: wait and try the same message again."""
