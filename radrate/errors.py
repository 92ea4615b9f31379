"""Errors that a person can act on. Services raise them, views and the API map them in one place."""


class DomainError(Exception):
    """A rule of the field was broken by what was asked. The message is for the person who asked."""


class Conflict(DomainError):
    """The request contradicts what is already stored, for example a second answer sheet."""


class TooMany(DomainError):
    """The same was asked too often within a short time."""


class NotAllowed(DomainError):
    """The person may not do this, and the reason may be told."""
