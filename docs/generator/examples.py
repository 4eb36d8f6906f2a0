"""The cases of `tests/rules`, of which the library itself says what is odd about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import attrs

from asterconf import Config, apps
from asterconf.diagnostic import Diagnostic
from asterconf.errors import BuildError
from asterconf.home import HomePBX
from asterconf.language import callerid, dialstring, expression, template
from asterconf.semantics import AsteriskState, Channel, Scope, assign, evaluate

__all__ = ["CASES", "TEXTS", "Example", "block", "examples", "files", "said"]

CASES = Path(__file__).parents[2] / "tests" / "rules"


@attrs.frozen
class Example:
    """The files of a case that gives a code."""

    code: str
    texts: tuple[tuple[str, bytes], ...]

    def finding(self) -> str:
        """Return the finding of that code, as it is printed.

        Raises:
            LookupError: the example does not give the code.
        """
        for one in said(dict(self.texts)):
            if one.code == self.code:
                return str(one)
        raise LookupError(f"the case of {self.code} does not give it")

    def markdown(self) -> str:
        """Return the example as a part of a page."""
        shown = [block(name, text) for name, text in self.texts]
        return "\n\n".join([*shown, f"```text\n{self.finding()}\n```"])


def said(files: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Return what is said about the files of a case, by all rules, those in preview too.

    A file such as `call.txt` has a text a line, `home.toml` describes a home PBX; all others are a
    configuration. The rules of a description need nothing but it.
    """
    (name, first), *_ = files.items()
    if name in TEXTS:
        lines = first.decode().splitlines()
        return tuple(one for line in lines for one in TEXTS[name](line))
    if name == "home.toml":
        try:
            return HomePBX.from_toml(first.decode()).check(toml=first.decode())
        except BuildError as error:
            return tuple(error.diagnostics)
    return tuple(Config.from_texts(files).check(host_files=True, preview=True))


def block(name: str, content: bytes) -> str:
    """Return a file of a case as a part of a page; of long lines the beginning is shown."""
    text = content.decode("utf-8", "replace").replace("\0", "\\0").rstrip()
    lines = [line if len(line) < 200 else f"{line[:60]}… ({len(line):,} characters)"
             for line in text.split("\n")]  # fmt: skip
    title = "" if name in TEXTS else f' title="{name}"'
    return "\n".join([f"```ini{title}", *lines, "```"])


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


TEXTS: Mapping[str, Callable[[str], Iterable[Diagnostic]]] = {
    "call.txt": _call,
    "value.txt": _value,
    "loading.txt": _loading,
    "expression.txt": _expression,
    "set.txt": _set,
    "callerid.txt": lambda text: callerid.parse(text).diagnostics(),
    "dialstring.txt": lambda text: dialstring.parse(text).diagnostics(),
}
"""How a line of a case that is no configuration is checked, by the name of its file."""


@cache
def examples() -> dict[str, list[Example]]:
    """Return every example by its code."""
    found: dict[str, list[Example]] = {}
    for folder in sorted(CASES.glob("AC*/bad*")):
        found.setdefault(folder.parent.name, []).append(
            Example(folder.parent.name, tuple(files(folder).items()))
        )
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a case by their names in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
