"""Edits of real radiographs led by other real ones, their mirror image or phantoms.

No learned weights. Whatever leads an edit is registered (`registration`, `flow`), given the
source's greys (`tones`) and accepted only by how well it agrees with what is known (`fit`).
`inpainting` and `growth` weigh candidates, `filling` and `extending` make n answers of them.
"""

from generation.backends.exemplar.backend import ExemplarBackend

__all__ = ["ExemplarBackend"]
