"""The lossless text of a file: parse, look up, edit, print."""

from asterconf.syntax.document import Document, Section, parse
from asterconf.syntax.lines import Blank, Comment, Directive, ErrorLine, Header, Line, Option

__all__ = [
    "Blank",
    "Comment",
    "Directive",
    "Document",
    "ErrorLine",
    "Header",
    "Line",
    "Option",
    "Section",
    "parse",
]
