"""Small files and texts that give a code each; the library itself says what is odd about them.

Files are the cases of `tests/rules`, which the tests check, too; texts stand in `examples.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import attrs

import asterconf
from asterconf import apps
from asterconf.diagnostic import Diagnostic
from asterconf.language import callerid, dialstring, expression, template, timespec
from asterconf.schema import DEFAULT
from asterconf.semantics import AsteriskState, Channel, Scope, assign, evaluate

__all__ = ["Example", "examples"]

_FILE = Path(__file__).parent / "examples.txt"
_CASES = Path(__file__).parents[2] / "tests" / "rules"


@attrs.frozen
class Example:
    """A text with a finding, or files, of which the first has it, for a version of Asterisk."""

    code: str
    texts: tuple[tuple[str, str], ...]
    asterisk: str

    def finding(self) -> str:
        """Return the finding of that code, as it is printed.

        Raises:
            LookupError: the example does not give the code.
        """
        name, text = self.texts[0]
        found = _TEXTS[name](text.strip("\n")) if name in _TEXTS else self._check()
        for one in found:
            if one.code == self.code:
                return str(one)
        raise LookupError(f"{_FILE.name}: the example does not give {self.code}")

    def _check(self) -> Iterable[Diagnostic]:
        conf = asterconf.Config.from_texts(dict(self.texts)).with_asterisk(self.asterisk)
        return conf.check(host_files=True, preview=True)

    def markdown(self) -> str:
        """Return the example as a part of a page."""
        shown = [
            f"```ini\n{text.rstrip()}\n```"
            if name in _TEXTS
            else f'```ini title="{name}"\n{text.rstrip()}\n```'
            for name, text in self.texts
        ]
        return "\n\n".join([*shown, f"```text\n{self.finding()}\n```"])


def _call(text: str) -> Iterable[Diagnostic]:
    return (one.at(None) for one in apps.inspect(apps.parse(text)))


def _value(text: str) -> Iterable[Diagnostic]:
    return evaluate(text, Scope(AsteriskState(), Channel())).diagnostics()


def _loading(text: str) -> Iterable[Diagnostic]:
    return evaluate(text, Scope(AsteriskState())).diagnostics()


def _expression(text: str) -> Iterable[Diagnostic]:
    return expression.read(template.parse(text)).diagnostics()


def _set(text: str) -> Iterable[Diagnostic]:
    scope = Scope(AsteriskState(), Channel())
    assign(scope, text)
    return (one.at(None) for one in scope.faults)


_TEXTS: dict[str, Callable[[str], Iterable[Diagnostic]]] = {
    "call": _call,
    "value": _value,
    "loading": _loading,
    "expression": _expression,
    "set": _set,
    "time": lambda text: timespec.parse(text).diagnostics(),
    "callerid": lambda text: callerid.parse(text).diagnostics(),
    "dialstring": lambda text: dialstring.parse(text).diagnostics(),
}
"""How a text is checked, by the word that an example has instead of a file name."""


@cache
def examples() -> dict[str, list[Example]]:
    """Return every example by its code.

    A line `== AC003 a.conf` begins one, a line `-- b.conf` another file of it; instead of a file
    name a word says what kind of text it is; a version may follow it.
    """
    found: dict[str, list[Example]] = {}
    for part in re.split(r"(?m)^== ", _FILE.read_text("utf-8"))[1:]:
        head, _, body = part.partition("\n")
        code, name, *version = head.split()
        first, *more = re.split(r"(?m)^-- ", body)
        others = [(n.strip(), t) for n, _, t in (m.partition("\n") for m in more)]
        texts = tuple((n, t.rstrip("\n") + "\n") for n, t in ((name, first), *others))
        found.setdefault(code, []).append(Example(code, texts, *version or [DEFAULT]))
    for folder in sorted(_CASES.glob("AC*/bad*")):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        texts = tuple((one.relative_to(folder).as_posix(), _text(one)) for one in files)
        code = folder.parent.name
        found.setdefault(code, []).append(Example(code, texts, DEFAULT))
    return found


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")
