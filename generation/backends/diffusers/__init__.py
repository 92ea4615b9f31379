"""Diffusion models of the user's own: whatever diffusers loads from a folder or a hub.

torch and diffusers come with the extra `diffusers`. They are imported here alone and only to work:
constructing and checking a backend needs neither (`options`, `snapshot`, `problems`). `loading`
makes a `Pipelines` of it once a process, `sampling` calls one of them for a batch of seeds.
"""

from generation.backends.diffusers.backend import DiffusersBackend

__all__ = ["DiffusersBackend"]
