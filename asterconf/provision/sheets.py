"""Settings sheets of phones: what to enter where, as a page to read or to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path

import attrs

from asterconf import disk
from asterconf.errors import ModelError
from asterconf.model import Extension, Secret
from asterconf.model.phones import Phone

__all__ = ["Group", "PhoneSheet", "Row", "shown"]


@attrs.frozen
class Row:
    """One setting of a phone: the name in its menu, the value, perhaps a word about it."""

    name: str
    value: str | Secret
    note: str = ""


def _rows(value: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(value)


@attrs.frozen
class Group:
    """A page of a phone's menu, and the settings on it in their order."""

    title: str
    rows: tuple[Row, ...] = attrs.field(converter=_rows)


def _groups(value: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(value)


def shown(value: str | Secret, *, reveal: bool) -> str:
    """Return a value as text, a secret masked unless it is to be revealed."""
    return value.reveal() if isinstance(value, Secret) and reveal else str(value)


def _no_files(*, reveal: bool) -> Mapping[str, str]:  # noqa: ARG001 - as those that have some
    return {}


@attrs.frozen
class PhoneSheet:
    """All that one device takes: its settings by hand, or the files that it fetches itself.

    Passwords are masked unless `reveal` is set.
    """

    extension: Extension
    device: Phone
    groups: tuple[Group, ...] = attrs.field(converter=_groups)
    """The settings, in the order of the phone's own menus."""
    advice: tuple[str, ...] = ()
    """What is done once, on the phone or the router."""
    _files: Callable[..., Mapping[str, str]] = attrs.field(default=_no_files, eq=False, repr=False)

    @property
    def title(self) -> str:
        """Whose sheet it is."""
        name = self.extension.callerid.name or self.extension.name
        kind = f"{type(self.device).__name__} {self.device.model}".rstrip(" ")
        return f"{name} ({self.extension.number or self.extension.name}): {kind}"

    def markdown(self, *, reveal: bool = False) -> str:
        """Return the sheet as Markdown."""
        lines = [f"# {self.title}", ""]
        for group in self.groups:
            lines += [f"## {group.title}", "", "| setting | value | |", "|---|---|---|"]
            for row in group.rows:
                value = shown(row.value, reveal=reveal).replace("|", "\\|")
                lines.append(f"| {row.name} | `{value}` | {row.note} |")
            lines.append("")
        lines += [f"- {line}" for line in self.advice]
        return "\n".join(lines).rstrip("\n") + "\n"

    def html(self, *, reveal: bool = False) -> str:
        """Return the sheet as a piece of HTML."""
        parts = [f"<h1>{escape(self.title)}</h1>"]
        for group in self.groups:
            rows = "".join(
                f"<tr><td>{escape(row.name)}</td>"
                f"<td><code>{escape(shown(row.value, reveal=reveal))}</code></td>"
                f"<td>{escape(row.note)}</td></tr>"
                for row in group.rows
            )
            parts.append(f"<h2>{escape(group.title)}</h2><table>{rows}</table>")
        if self.advice:
            items = "".join(f"<li>{escape(line)}</li>" for line in self.advice)
            parts.append(f"<ul>{items}</ul>")
        return "\n".join(parts) + "\n"

    def _repr_html_(self) -> str:
        return self.html()

    def files(self, *, reveal: bool = False) -> Mapping[str, str]:
        """Return the files that the device can fetch by itself, by name; empty: it fetches none.

        Without `reveal` they show how they look, and are of no use to the phone.
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
