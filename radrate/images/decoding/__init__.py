"""Decode untrusted files in a child process that is bounded in memory and time.

    with Decoder(salt=salt) as decoder:
        decoded = decoder.decode(path, name="knee.png")     # or raises Rejected

The process that asks never parses a pixel or a DICOM element; it exchanges frames with
`radrate.images.decoding.child` over two pipes.
"""

from radrate.images.decoding.client import Decoder, decode_file
from radrate.images.decoding.messages import Rejected, rejection
from radrate.images.decoding.result import Decoded

__all__ = ["Decoded", "Decoder", "Rejected", "decode_file", "rejection"]
