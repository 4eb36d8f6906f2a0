"""Questions about all calls: each answer is proved, has a call as its witness, or is unknown."""

from asterconf.ask.asking import Questions
from asterconf.ask.dialable import Candidate, Dialable, DialableExtension, WhyNot
from asterconf.ask.entries import Entry

__all__ = ["Candidate", "Dialable", "DialableExtension", "Entry", "Questions", "WhyNot"]
