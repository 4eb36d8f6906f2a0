"""Questions about all calls: each answer is proved, has a call as its witness, or is unknown."""

from asterconf.ask.answers import (
    ChangedCalls,
    ComparedCalls,
    Depends,
    EntryAnswer,
    ReachAnswer,
    Row,
    ServiceAnswer,
    TableAnswer,
    Witness,
)
from asterconf.ask.asking import Questions
from asterconf.ask.assumed import Assume
from asterconf.ask.certificate import Certificate, CertifiedState
from asterconf.ask.dialable import Candidate, Dialable, DialableExtension, WhyNot
from asterconf.ask.entries import Entry

__all__ = [
    "Assume",
    "Candidate",
    "Certificate",
    "CertifiedState",
    "ChangedCalls",
    "ComparedCalls",
    "Depends",
    "Dialable",
    "DialableExtension",
    "Entry",
    "EntryAnswer",
    "Questions",
    "ReachAnswer",
    "Row",
    "ServiceAnswer",
    "TableAnswer",
    "WhyNot",
    "Witness",
]
