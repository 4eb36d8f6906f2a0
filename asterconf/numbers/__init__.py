"""Sets of dialled texts, and which of them a context treats alike."""

from asterconf.numbers.sets import LONGEST, Numbers

__all__ = ["LONGEST", "Numbers"]
