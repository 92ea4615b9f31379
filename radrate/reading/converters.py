"""Tokens in addresses: only what a token can be reaches a view or the database."""

from django.urls import register_converter


class TokenConverter:
    """The 43 signs of 256 random bits."""

    regex = "[A-Za-z0-9_-]{43}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")
