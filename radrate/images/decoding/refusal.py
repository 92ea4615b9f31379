"""Refusals inside the child: a code of `messages.REASONS` and its values, without any wording."""


class Refused(Exception):
    def __init__(self, code: str, **values: str | int | float) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
