"""The lossless text of a file: parse, look up, edit, print."""

from asterconf.syntax.document import Document as Document
from asterconf.syntax.document import Section as Section
from asterconf.syntax.document import parse as parse
from asterconf.syntax.lines import Blank as Blank
from asterconf.syntax.lines import Comment as Comment
from asterconf.syntax.lines import Directive as Directive
from asterconf.syntax.lines import ErrorLine as ErrorLine
from asterconf.syntax.lines import Header as Header
from asterconf.syntax.lines import Line as Line
from asterconf.syntax.lines import Option as Option
