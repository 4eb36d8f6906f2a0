"""What Dial, Page and Originate dial: `PJSIP/6001&Local/100@internal/n`.

`grammars/dialstring.lark` is the definition, and what `tree` parses by; `parse` finds the same
places by searching for the marks.

Source: apps/app_dial.c, dial_exec_full; channels/chan_pjsip.c, request; main/core_local.c,
local_alloc. Checked on Asterisk 22.10.1: tests/live/test_dialstring.py.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.language import template as templates
from asterconf.language.faults import Fault, ParsedText, fault
from asterconf.language.template import Template
from asterconf.source import WHITE, fold

__all__ = [
    "BareTarget",
    "DialString",
    "LocalTarget",
    "OtherTarget",
    "PJSIPTarget",
    "Target",
    "parse",
    "tree",
]

_LOCAL_OPTIONS: Final = "njmb"


@attrs.frozen
class PJSIPTarget:
    """`PJSIP/endpoint`, `PJSIP/number@endpoint` or `PJSIP/endpoint/contact`.

    Where an endpoint is named `number@endpoint` as a whole, Asterisk dials that one instead.
    `contact` is the name of an aor or a URI such as `sip:6001@192.0.2.1`.
    """

    template: Template
    technology: str
    user: Template | None
    endpoint: Template
    contact: Template | None

    def __str__(self) -> str:
        return self.template.text


@attrs.frozen
class LocalTarget:
    """`Local/exten@context/options`; without a context Asterisk takes `default`."""

    template: Template
    technology: str
    exten: Template
    context: Template | None
    options: Template | None

    def __str__(self) -> str:
        return self.template.text


@attrs.frozen
class OtherTarget:
    """`Technology/resource` of any other kind."""

    template: Template
    technology: Template
    resource: Template

    def __str__(self) -> str:
        return self.template.text


@attrs.frozen
class BareTarget:
    """A target that shows no `Technology/resource`: one or more variables, or a mistake."""

    template: Template

    def __str__(self) -> str:
        return self.template.text


Target: TypeAlias = PJSIPTarget | LocalTarget | OtherTarget | BareTarget


@attrs.frozen
class DialString(ParsedText):
    """Targets that are dialled at the same time; `str` gives the exact text."""

    template: Template
    targets: tuple[Target, ...] = attrs.field(eq=False)
    faults: tuple[Fault, ...] = attrs.field(eq=False, repr=False)

    def __str__(self) -> str:
        return self.template.text

    def tree(self) -> lark.Tree[lark.Token]:
        """Return the lark tree; joining its tokens gives the text."""
        return tree(self.template)


def parse(text: str | Template) -> DialString:
    """Split a dial string into its targets; anything is accepted.

    Args:
        text: the targets as they are written, or such a part of a larger text.
    """
    template = templates.parse(text) if isinstance(text, str) else text
    return _parse(template, template.span.start)


@lru_cache(4096)
def _parse(template: Template, base: int) -> DialString:
    return _DialStringParser(template, base, template.masked(), list(template.faults)).parse()


@attrs.define
class _DialStringParser:
    """One pass over a dial string; offsets are those of its text."""

    whole: Template
    base: int
    masked: str
    faults: list[Fault]

    def parse(self) -> DialString:
        """Return the targets, cut at `&`."""
        targets: list[Target] = []
        at = 0
        for word in self.masked.split("&"):
            end = at + len(word)
            bare = word.strip(WHITE)
            if bare:
                start = end - len(word.lstrip(WHITE))
                targets.append(self.target(start, start + len(bare)))
            elif self.masked:
                self.report("empty-target", at, end)
            at = end + 1
        self.faults.sort(key=lambda one: one.span)
        return DialString(self.whole, tuple(targets), tuple(self.faults))

    def target(self, start: int, end: int) -> Target:
        """Read one target, which has no white space around it."""
        template = self.whole.cut(start, end)
        slash = self.masked.find("/", start, end)
        if slash < 0 or slash + 1 == end:
            if template.is_literal:
                kind = "no-technology" if slash < 0 else "no-resource"
                self.report(kind, start, end, text=template.text)
            return BareTarget(template)
        technology = fold(self.masked[start:slash])
        if technology == "pjsip":
            return self.pjsip(template, slash + 1, end)
        if technology == "local":
            return self.local(template, slash + 1, end)
        return OtherTarget(template, self.whole.cut(start, slash), self.whole.cut(slash + 1, end))

    def pjsip(self, template: Template, start: int, end: int) -> PJSIPTarget:
        """Return a target of PJSIP: endpoint, user before `@`, contact behind `/`."""
        slash = self.masked.find("/", start, end)
        contact = None if slash < 0 else self.whole.cut(slash + 1, end)
        end = end if slash < 0 else slash
        at = self.masked.find("@", start, end)
        user = None if at < 0 else self.whole.cut(start, at)
        technology = template.text.partition("/")[0]
        endpoint = self.whole.cut(start if at < 0 else at + 1, end)
        return PJSIPTarget(template, technology, user, endpoint, contact)

    def local(self, template: Template, start: int, end: int) -> LocalTarget:
        """Return a Local target: extension, context, options behind the last `/`."""
        slash = self.masked.rfind("/", start, end)
        options = None if slash < 0 else self.whole.cut(slash + 1, end)
        if options is not None and options.is_literal:
            for at, letter in enumerate(options.text, slash + 1):
                if letter not in _LOCAL_OPTIONS:
                    self.report("local-option", at, at + 1, text=letter)
        end = end if slash < 0 else slash
        at = self.masked.find("@", start, end)
        context = None if at < 0 or at + 1 == end else self.whole.cut(at + 1, end)
        exten = self.whole.cut(start, end if at < 0 else at)
        if context is None and exten.is_literal:
            self.faults.append(fault("no-context", *template.span, text=template.text))
        technology = template.text.partition("/")[0]
        return LocalTarget(template, technology, exten, context, options)

    def report(self, kind: str, start: int, end: int, **facts: object) -> None:
        self.faults.append(fault(kind, self.base + start, self.base + end, **facts))


def tree(template: Template) -> lark.Tree[lark.Token]:
    """Return the LALR tree of a dial string; joining its tokens gives the text."""
    from lark import Token
    from lark.lexer import LexerState
    from lark.utils import TextSlice

    parser = _grammars.parser("dialstring", "dialstring")
    state = parser.parse_interactive(start="dialstring")
    masked = template.masked()
    lexer = LexerState(TextSlice(masked, 0, len(masked)))
    for token in parser.parser.lexer.lex(lexer, state.parser_state):
        a, b = token.start_pos or 0, token.end_pos or 0
        state.feed_token(Token(token.type, template.text[a:b], a, 1, a + 1, 1, b + 1, b))
    result: lark.Tree[lark.Token] = state.feed_eof()  # type: ignore[no-untyped-call]
    return result
