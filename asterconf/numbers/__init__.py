"""Sets of dialled texts, and which of them a context treats alike."""

from asterconf.numbers.sets import Numbers
from asterconf.numbers.terms import LONGEST

__all__ = ["LONGEST", "Numbers"]
