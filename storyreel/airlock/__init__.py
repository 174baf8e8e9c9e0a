"""A first look at files of unknown origin, in a process of its own that may die of it.

Readers of pictures, sound, video, documents and fonts are large; a file can be made to crash them, to keep them busy
for ever or to fill the memory. So a file that people bring, or a service sends, is first read in a child process with
little memory, little time, no keys, no way to write a file, and only formats that hold what they show. Only a file
that such a child has read, or has refused in good order, is opened by the process that makes the film.
"""

from storyreel.airlock.child import FORMATS, PICTURE_FORMATS
from storyreel.airlock.pool import Unsafe, look_at_document, look_at_font, look_at_media, look_at_picture

__all__ = [
    "FORMATS",
    "PICTURE_FORMATS",
    "Unsafe",
    "look_at_document",
    "look_at_font",
    "look_at_media",
    "look_at_picture",
]
