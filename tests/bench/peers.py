"""Other readers of such files: how each parses a text, shows its values and writes it again."""

import io
import warnings
from collections.abc import Callable, Iterable
from configparser import RawConfigParser
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

__all__ = ["MODULES", "installed", "peer"]

MODULES = {
    "configparser": "configparser",
    "ConfigUpdater": "configupdater",
    "pyst2": "asterisk.config",
    "asterisklint": "asterisklint",
}
"""Peers by name, each with the module to import."""


def installed(name: str) -> bool:
    """Tell whether a peer is here."""
    return find_spec(MODULES[name].partition(".")[0]) is not None


def peer(name: str) -> SimpleNamespace:
    """Return a peer's `parse(text)` and `touch(parsed)`.

    If it can write, `emit(parsed)`; if it knows dialplans, `load(text)`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made: SimpleNamespace = {
            "configparser": _configparser,
            "ConfigUpdater": _configupdater,
            "pyst2": _pyst2,
            "asterisklint": _asterisklint,
        }[name]()
    return made


def _nothing(*_args: object) -> None:
    """Take the place of what a peer does beyond parsing."""


def _count(pairs: Iterable[tuple[str, object]]) -> int:
    """Look at every name and value, and return how many there are."""
    return sum(1 for _name, _value in pairs)


def _opens(text: str) -> Callable[..., Any]:
    """Return an `open` that gives this text for any name."""

    def opened(name: str, mode: str = "r") -> Any:
        file: Any = io.BytesIO(text.encode()) if "b" in mode else io.StringIO(text)
        file.name, file.mode = name, mode
        return file

    return opened


def _configparser() -> SimpleNamespace:
    def parse(text: str) -> RawConfigParser:
        made = RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=(";",))
        made.read_string(text)
        return made

    def touch(made: RawConfigParser) -> int:
        return _count(pair for section in made.sections() for pair in made.items(section))

    def emit(made: RawConfigParser) -> str:
        file = io.StringIO()
        made.write(file)
        return file.getvalue()

    return SimpleNamespace(parse=parse, touch=touch, emit=emit)


def _configupdater() -> SimpleNamespace:
    updater = import_module("configupdater").ConfigUpdater

    def parse(text: str) -> Any:
        made = updater(strict=False, delimiters=("=",), comment_prefixes=(";",))
        return made.read_string(text)

    def touch(made: Any) -> int:
        sections = made.iter_sections()
        return _count((o.key, o.value) for s in sections for o in s.iter_options())

    return SimpleNamespace(parse=parse, touch=touch, emit=str)


def _pyst2() -> SimpleNamespace:
    config = import_module("asterisk.config")

    def parse(text: str) -> Any:
        with patch.object(config, "open", _opens(text), create=True):
            return config.Config("text")

    def touch(made: Any) -> int:
        return _count((item.name, item.value) for c in made.categories for item in c.items)

    def emit(made: Any) -> str:
        return "\n".join(map(str, made.lines))

    return SimpleNamespace(parse=parse, touch=touch, emit=emit)


def _asterisklint() -> SimpleNamespace:
    reader = import_module("asterisklint").FileConfigParser
    # What it says is not formatted, printed or kept.
    import_module("asterisklint.defines").MessageDefManager.on_message = _nothing

    def parse(text: str) -> Any:
        opened = _opens(text)
        parser = reader(opener=lambda name: opened(name, "rb"))
        parser.include("text")
        return list(parser)

    def touch(made: Any) -> int:
        return _count((item.variable, item.value) for context in made for item in context)

    def load(text: str) -> Any:
        opened = _opens(text)
        parser = import_module("asterisklint").FileDialplanParser(
            opener=lambda name: opened(name, "rb")
        )
        parser.include("text")
        return next(iter(parser))

    return SimpleNamespace(parse=parse, touch=touch, emit=None, load=load)
