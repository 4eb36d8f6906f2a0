"""What Asterisk reads out of the files."""

from asterconf.resolve.effective import (
    Effective,
    EffectiveSection,
)
from asterconf.resolve.files import Files
from asterconf.resolve.items import EffectiveItem, EffectiveOption
from asterconf.resolve.reading import resolve

__all__ = [
    "Effective",
    "EffectiveItem",
    "EffectiveOption",
    "EffectiveSection",
    "Files",
    "resolve",
]
