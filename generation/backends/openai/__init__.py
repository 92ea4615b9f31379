"""Models behind OpenAI's Images API, and servers that speak it with an accent."""

from generation.backends.openai.backend import OpenAIBackend

__all__ = ["OpenAIBackend"]
