"""What Asterisk reads out of the files."""

from asterconf.resolve.effective import (
    Effective,
    EffectiveItem,
    EffectiveOption,
    EffectiveSection,
)
from asterconf.resolve.files import Files
from asterconf.resolve.reading import resolve

__all__ = [
    "Effective",
    "EffectiveItem",
    "EffectiveOption",
    "EffectiveSection",
    "Files",
    "resolve",
]
