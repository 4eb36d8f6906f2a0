"""Rules about files that steps and options count on."""

from __future__ import annotations

from asterconf.linter.rules.files.left_out import Generated, NotJudged, Unreadable
from asterconf.linter.rules.files.modules import (
    ForeignModule,
    KeptOutModule,
    LoadedInVain,
    NeededModule,
    PjsipKeptOut,
    WizardMissing,
)
from asterconf.linter.rules.files.needed import (
    ApplicationKeptOut,
    ApplicationNeedsFile,
    HttpOff,
    NumberBehindEndpoint,
    PatternWithoutPhones,
)
from asterconf.linter.rules.files.odbc import OdbcFunctions, OldStatement
from asterconf.linter.rules.files.voicemail import PinsInFile
from asterconf.linter.rules.rule import Rule
from asterconf.linter.rules.sections.comments import CommentInValue

__all__ = ["FILES", "LEFT_OUT"]

FILES: tuple[Rule, ...] = (
    NeededModule(),
    KeptOutModule(),
    PjsipKeptOut(),
    LoadedInVain(),
    WizardMissing(),
    ForeignModule(),
    ApplicationNeedsFile(),
    ApplicationKeptOut(),
    HttpOff(),
    NumberBehindEndpoint(),
    PatternWithoutPhones(),
    PinsInFile(),
    OdbcFunctions(),
    OldStatement(),
    CommentInValue(),
)
"""The rules of this family that have a check of their own."""

LEFT_OUT: tuple[Rule, ...] = (Unreadable(), NotJudged(), Generated())
"""Those about files that are not judged."""
