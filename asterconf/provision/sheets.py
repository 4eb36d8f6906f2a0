"""Settings sheets of phones: what to enter where, as a page to read or to print."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from pkgutil import get_data
from typing import Any, Final

import attrs

from asterconf import disk
from asterconf.errors import ModelError
from asterconf.escapes import markdown, markdown_code, one_line
from asterconf.model import Extension, Secret
from asterconf.model.phones import Phone

Words = Mapping[str, str | Secret | None]
"""What stands for each `{word}` of a sheet or file; `None`: what has it is left out."""
_WORD: Final = re.compile(r"\{(\w+)\}")


@attrs.frozen
class SettingsRow:
    """One setting of a phone: the name in its menu, the value, an optional note."""

    name: str
    value: str | Secret
    note: str = ""


@attrs.frozen
class SettingsPage:
    """A page of a phone's menu, and the settings on it in their order."""

    title: str
    rows: tuple[SettingsRow, ...] = attrs.field(converter=tuple[SettingsRow, ...])


@attrs.frozen(kw_only=True)
class PhoneAccount:
    """What a phone has to know: its account on the PBX, its ports and its keys."""

    extension: Extension
    server: str
    port: int
    protocol: str
    """`udp`, `tcp` or `tls`."""
    ports: tuple[int, int] | None
    """First and last RTP port; None: the phone chooses."""
    voicemail: str
    """The number of the voicemail menu; empty: none."""
    lamps: tuple[tuple[str, str], ...]
    """Number and name of the other phones."""
    intercom: bool
    """Whether it may be spoken through."""
    outside: bool
    """Whether its RTP may bypass the PBX, so that its ports are forwarded."""

    @property
    def name(self) -> str:
        """The display name."""
        return self.extension.callerid.name or self.extension.name

    @property
    def user(self) -> str:
        """The user name it registers as."""
        return self.extension.name

    @property
    def login(self) -> str:
        """The user name for authentication."""
        return self.extension.auth_user or self.extension.name

    @property
    def secret(self) -> Secret:
        """Its password."""
        return self.extension.secret or Secret("")

    @property
    def codecs(self) -> tuple[str, ...]:
        """The codecs it may use, best first."""
        return self.extension.codecs or ("g722", "ulaw")

    @property
    def encrypted(self) -> bool:
        """Whether its RTP is encrypted."""
        return self.extension.media_encryption == "sdes"

    @property
    def words(self) -> Words:
        """What stands for the words that sheets and files of all phones have."""
        low, high = self.ports or (None, None)
        host = f"[{self.server}]" if ":" in self.server else self.server  # as in a URI
        return {
            "name": self.name, "user": self.user, "login": self.login, "secret": self.secret,
            "server": self.server, "host": host, "port": str(self.port), "protocol": self.protocol,
            "transport": self.protocol.upper(), "voicemail": self.voicemail or None,
            "low": None if low is None else str(low), "high": None if high is None else str(high),
        }  # fmt: skip


@cache
def _sheets() -> Mapping[str, Mapping[str, Sequence[Sequence[str]]]]:
    found: Mapping[str, Any] = json.loads(get_data(__name__, "sheets.json") or b"")
    return found


def _is_there(text: str, words: Words) -> bool:
    return all(words[word] is not None for word in _WORD.findall(text))


def _row(words: Words, name: str, value: str, note: str = "") -> SettingsRow:
    alone = _WORD.fullmatch(value)
    known = words[alone[1]] if alone else _WORD.sub(lambda word: str(words[word[1]]), value)
    return SettingsRow(name, "" if known is None else known, note)


def pages_of(kind: str, words: Words) -> list[SettingsPage]:
    """Return the pages of `sheets.json` for a kind of phone, with what stands for their words."""
    found = (
        SettingsPage(title, [_row(words, *row) for row in rows if _is_there(row[1], words)])
        for title, rows in _sheets()[kind].items()
    )
    return [page for page in found if page.rows]


def file_of(
    name: str,
    words: Words,
    lines: Mapping[str, Iterable[str]],
    *,
    reveal: bool,
    written: Callable[[str], str] = str,
) -> str:
    """Return the text of a file beside this module, with what stands for its words.

    Args:
        name: the file.
        words: what they stand for.
        lines: what stands in place of a line that is a word alone.
        reveal: whether passwords are shown.
        written: how the file writes a value.
    """
    made: list[str] = []
    values = {
        word: written(one_line(shown(value, reveal=reveal)))
        for word, value in words.items()
        if value is not None
    }
    for line in (get_data(__name__, name) or b"").decode().splitlines():
        alone = _WORD.fullmatch(line)
        if alone and alone[1] in lines:
            made += lines[alone[1]]
        elif _is_there(line, words):
            made.append(_WORD.sub(lambda word: values[word[1]], line))
    return "".join(f"{line}\n" for line in made)


def shown(value: str | Secret, *, reveal: bool) -> str:
    """Return a value as text, a secret masked unless it is to be revealed."""
    return value.reveal() if isinstance(value, Secret) and reveal else str(value)


def _no_files(*, reveal: bool) -> Mapping[str, str]:  # noqa: ARG001 - as those that have some
    return {}


@attrs.frozen
class PhoneSheet:
    """The settings of one phone: to enter by hand, or as files that it fetches by itself.

    Passwords are masked unless `reveal` is set.
    """

    extension: Extension
    device: Phone
    pages: tuple[SettingsPage, ...] = attrs.field(converter=tuple[SettingsPage, ...])
    """The settings, in the order of the phone's own menus."""
    advice: tuple[str, ...] = ()
    """What to do once, on the phone or the router."""
    _files: Callable[..., Mapping[str, str]] = attrs.field(default=_no_files, eq=False, repr=False)

    @property
    def title(self) -> str:
        """Whose sheet it is."""
        name = self.extension.callerid.name or self.extension.name
        kind = f"{type(self.device).__name__} {self.device.model}".rstrip(" ")
        return f"{name} ({self.extension.number or self.extension.name}): {kind}"

    def markdown(self, *, reveal: bool = False) -> str:
        """Return the sheet as Markdown."""
        lines = [f"# {markdown(self.title)}", ""]
        for page in self.pages:
            lines += [f"## {page.title}", "", "| setting | value | |", "|---|---|---|"]
            for row in page.rows:
                code = markdown_code(shown(row.value, reveal=reveal))
                lines.append(f"| {markdown(row.name)} | {code} | {markdown(row.note)} |")
            lines.append("")
        lines += [f"- {markdown(line)}" for line in self.advice]
        return "\n".join(lines).rstrip("\n") + "\n"

    def html(self, *, reveal: bool = False) -> str:
        """Return the sheet as a piece of HTML."""
        parts = [f"<h1>{escape(self.title)}</h1>"]
        for page in self.pages:
            rows = "".join(
                f"<tr><td>{escape(row.name)}</td>"
                f"<td><code>{escape(shown(row.value, reveal=reveal))}</code></td>"
                f"<td>{escape(row.note)}</td></tr>"
                for row in page.rows
            )
            parts.append(f"<h2>{escape(page.title)}</h2><table>{rows}</table>")
        if self.advice:
            items = "".join(f"<li>{escape(line)}</li>" for line in self.advice)
            parts.append(f"<ul>{items}</ul>")
        return "\n".join(parts) + "\n"

    def _repr_html_(self) -> str:
        return self.html()

    def to_dict(self, *, reveal: bool = False) -> dict[str, Any]:
        """Return the sheet as plain values for JSON."""
        return {
            "extension": self.extension.name,
            "device": str(self.device),
            "pages": [
                {
                    "title": page.title,
                    "settings": [
                        {
                            "name": row.name,
                            "value": shown(row.value, reveal=reveal),
                            "note": row.note,
                        }
                        for row in page.rows
                    ],
                }
                for page in self.pages
            ],
            "advice": list(self.advice),
            "files": dict(self.files(reveal=reveal)),
        }

    def files(self, *, reveal: bool = False) -> Mapping[str, str]:
        """Return the files that the phone can fetch by itself, by name; empty: it fetches none.

        Without `reveal` passwords are masked, so the phone cannot use them.
        """
        return self._files(reveal=reveal)

    def write(self, directory: str | Path) -> tuple[Path, ...]:
        """Write these files, passwords and all, and return their paths; they get the mode 0640.

        Raises:
            OSError: they cannot be written.
        """
        paths = []
        for name, text in self.files(reveal=True).items():
            path = Path(directory) / name
            disk.write(path, text.encode(), private=True)
            paths.append(path)
        return tuple(paths)

    def qr(self, url: str) -> str:
        """Return a QR code, as SVG, that leads the app to the settings file at `url`.

        Raises:
            ModelError: the extra `provision` is not installed.
        """
        try:
            import segno
        except ImportError:
            raise ModelError(
                "QR codes take the extra: pip install 'asterconf[provision]'"
            ) from None
        code: str = segno.make(url, error="m").svg_inline(scale=4, border=4)
        return code
