from radrate.errors import DomainError


class EmbeddedError(DomainError):
    """The embedded servers cannot do what was asked. The message says what the operator can do."""
