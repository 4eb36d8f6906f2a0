"""The lark tree of a file: the LALR parser of `grammars/conf.lark`, fed line by line.

Plain stretches go through the grammar's own lexer. Lines that a block comment or the length
limit touches come as the tokens that the grammar declares for them, since no grammar can count.
"""

from __future__ import annotations

from collections.abc import Iterator

from lark import ParseTree, Token
from lark.lexer import LexerState
from lark.utils import TextSlice

from asterconf import _grammars
from asterconf.syntax.lines import BOM, ErrorLine, walk
from asterconf.syntax.reader import MARK_BYTES, Cut, patterns, physical_lines


def tree(text: str) -> ParseTree:
    """Return the tree of a whole file. Joining its tokens gives the text.

    A line that has no line end, such as the last one of many files, gets an empty `NL` token.
    """
    parser = _grammars.parser("conf", "file", "lines")
    state = parser.parse_interactive(start="file")
    scan = patterns().scan.match
    pos, line, depth, lead = 0, 1, 0, 0
    if text.startswith(BOM):
        state.feed_token(Token("BOM", BOM, 0, 1, 1))
        pos, lead = 1, MARK_BYTES
    while pos < len(text):
        cut_off = pos > 1 and text[pos - 1] != "\n"  # it goes on after a NUL and a full buffer
        run = scan(text, pos) if depth == 0 and not cut_off else None
        node, found = None, None
        if run and not any(long for *_, long in physical_lines(text, pos, run.end(), lead)):
            end = run.end()
        else:
            node, found = next(walk(text, line, depth, pos, lead))
            end = pos + len(node.text)
        if node is None or (found and not depth and not found.opened):
            lexer = LexerState(
                TextSlice(*(text[pos:end], 0, end - pos) if cut_off else (text, pos, end))
            )
            for token in parser.parser.lexer.lex(lexer, state.parser_state):
                state.feed_token(_moved(token, pos, line) if cut_off else token)
        else:
            too_long = isinstance(node, ErrorLine) and node.kind == "line-too-long"
            for token in _odd_tokens(node.text, found, pos, line, too_long=too_long):
                state.feed_token(token)
        if text[end - 1] != "\n":
            state.feed_token(Token("NL", "", end, line))
        depth = found.depth if found else depth
        line += text.count("\n", pos, end)
        pos, lead = end, 0
    result: ParseTree = state.feed_eof()  # type: ignore[no-untyped-call]
    return result


def _moved(token: Token, pos: int, line: int) -> Token:
    """Give a token of a piece of a line its place in the whole text."""
    token.start_pos, token.end_pos = pos + (token.start_pos or 0), pos + (token.end_pos or 0)
    token.line = token.end_line = line
    return token


def _odd_tokens(
    raw: str, found: Cut | None, pos: int, line: int, *, too_long: bool
) -> Iterator[Token]:
    """Yield the tokens of a line that the grammar cannot cut, its line end included."""
    size = len(raw.removesuffix("\n"))
    if found is None:
        yield Token("TOO_LONG" if too_long else "HIDDEN", raw[:size], pos, line, 1)
    else:
        lost = raw.find("\0")
        end = size if lost < 0 else lost
        at = 0
        for a, b in (*(v for v in found.visible if v[0] < v[1]), (end, end)):
            if at < a or at == a == b == 0:
                yield Token("HIDDEN", raw[at:a], pos + at, line, at + 1)
            if a < b:
                yield Token("VISIBLE", raw[a:b], pos + a, line, a + 1)
            at = b
        if end < size:
            yield Token("LOST", raw[end:size], pos + end, line, end + 1)
    if size < len(raw):
        yield Token("NL", "\n", pos + size, line, size + 1)
