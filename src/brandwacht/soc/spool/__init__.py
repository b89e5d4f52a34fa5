"""The write-ahead spool: what was received and acknowledged, until it has been processed.

One folder per source, in it segments: files to which one writer appends frames, each with its length and checksum. A
writer holds a lock on its segment for as long as it lives, so that a reader knows whether an unfinished frame is still
being written or was torn. Nothing here knows what a frame holds, whose it is, or what time it is.
"""

from brandwacht.soc.spool.frames import Frame, Payload, frames_in, identity
from brandwacht.soc.spool.reading import Segment, remove, segments, size_of
from brandwacht.soc.spool.writing import SpoolFailed, Writer

__all__ = [
    "Frame",
    "Payload",
    "Segment",
    "SpoolFailed",
    "Writer",
    "frames_in",
    "identity",
    "remove",
    "segments",
    "size_of",
]
