"""Lists on one line or many: which lines change when items are added and removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import attrs

from asterconf.language import args
from asterconf.schema import OptionFacts
from asterconf.source import fold

_BLANKS = " \t"


@attrs.frozen
class ListLine:
    """One line of the edited list.

    Attributes:
        source: the index of the line that it is now; `None`: a new line.
        value: its value; `None`: as it is.
        moved: the index of the line whose text a new line takes over.
    """

    source: int | None
    value: str | None
    moved: int | None = None


@attrs.frozen
class _ListItem:
    """An item of a line.

    Attributes:
        row: the index of the line.
        text: the item with the blanks around it.
        canon: as a fresh line has it.
        key: what tells it from other items.
    """

    row: int
    text: str
    canon: str
    key: str


@attrs.define
class _PlacedItem:
    """An item of the edited list: on an existing line, or new."""

    row: int | None
    text: str
    canon: str = ""


def fields_of(facts: OptionFacts, text: str) -> list[str]:
    """Cut a line of fields at its commas; where fields may be quoted, not at those in quotes.

    Source: main/app.c, __ast_app_separate_args.
    """
    flavour = "raw" if "key" in facts.raw else "plain"
    return list(args.split(text, flavour=flavour, limit=len(facts.raw["fields"]))) or [""]


def patched(facts: OptionFacts, text: str, old: str, new: str) -> str:
    """Edit the text of a value that means `old` so that it means `new`.

    Only the fields that differ are written anew, so that the others stay as they are spelled. Of
    a URI only the part is replaced that `old` knows of.
    """
    if facts.type == "fields" and facts.raw.get("sep") == ",":
        now, was, shall = (fields_of(facts, value) for value in (text, old, new))
        size = max(len(was), len(shall))
        was, shall, now = (side + [""] * (size - len(side)) for side in (was, shall, now))
        kept = [b if a != b else c for a, b, c in zip(was, shall, now, strict=False)]
        kept += now[size:]
        while len(kept) > max(len(fields_of(facts, text)), 1) and not kept[-1]:
            kept.pop()
        return ",".join(kept)
    if text != old and old.startswith(("sip:", "sips:")) and old in text:
        return text.replace(old, new)
    return new


def align(
    facts: OptionFacts,
    rows: Sequence[tuple[str, bool]],
    old: Sequence[str],
    new: Sequence[str],
    writable: Sequence[bool] | None = None,
    *,
    whole: bool = False,
) -> list[ListLine] | None:
    """Return the lines of a list with other items, keeping lines where possible.

    Args:
        facts: the option of the lines.
        rows: value of each line, and whether the line may be touched.
        old: the items now as a fresh object would write them; if they are not as many as on the
            lines, the lines' own spelling counts.
        new: the items that shall be there.
        writable: whether the value of a line may be written anew; else it may only go.
        whole: whether the values are whole lines, which are not taken apart or written anew.

    Returns:
        The lines in order, without those that go; `None`: a line that must not be touched is in
        the way.
    """
    return _Alignment(facts, rows, writable or [not whole] * len(rows), whole).run(old, new)


@attrs.define
class _Alignment:
    facts: OptionFacts
    rows: Sequence[tuple[str, bool]]
    writable: Sequence[bool]
    whole: bool
    items: list[_ListItem] = attrs.field(factory=list)
    events: list[_PlacedItem] = attrs.field(factory=list)

    def run(self, old: Sequence[str], new: Sequence[str]) -> list[ListLine] | None:
        """Return the lines that hold the new items; None: the old ones cannot be told apart."""
        texts = [
            (row, part) for row, (value, _) in enumerate(self.rows) for part in self.cut(value)
        ]
        canons = [part.strip(_BLANKS) for value in old for part in self.cut(value)]
        if len(canons) != len(texts):
            canons = [self.plain(text) for _, text in texts]
        self.items = [
            _ListItem(row, text, canon, self.key(canon))
            for (row, text), canon in zip(texts, canons, strict=True)
        ]
        wanted = [part.strip(_BLANKS) for value in new for part in self.cut(value)]
        keys = [self.key(word) for word in wanted]
        matcher = SequenceMatcher(None, [item.key for item in self.items], keys, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if not self.step(tag == "equal", self.items[i:j], wanted[k:m], set(keys)):
                return None
        lines = list(self.lines())
        fits = all(entry.value is None or self.mine(entry) for entry in lines)
        return lines if fits else None

    def mine(self, entry: ListLine) -> bool:
        """Return whether a line may get another value."""
        row = entry.source
        return row is None or (self.rows[row][1] and self.writable[row])

    # -- items --------------------------------------------------------------------------------

    @property
    def separated(self) -> bool:
        """Whether one line can hold several items."""
        return (not self.whole and self.facts.type in {"codecs", "acl"}) or (
            self.facts.type == "list" and self.facts.raw.get("sep") == ","
        )

    @property
    def keyed(self) -> bool:
        """Whether a later line overrides an earlier one with the same key."""
        return not self.whole and "key" in self.facts.raw

    def cut(self, value: str) -> list[str]:
        if not self.separated:
            return [value]
        return [part for part in value.split(",") if part.strip(_BLANKS)]

    def plain(self, text: str) -> str:
        text = text.strip(_BLANKS)
        return fold(text) if self.facts.type == "codecs" else text

    def key(self, canon: str) -> str:
        if not self.keyed:
            return canon
        if self.facts.type == "fields":
            return fold(fields_of(self.facts, canon)[0].strip(_BLANKS))
        return canon.partition("=")[0]

    def free(self, item: _ListItem) -> bool:
        return self.rows[item.row][1] and self.writable[item.row]

    # -- what becomes of them -----------------------------------------------------------------

    def step(self, equal: bool, items: list[_ListItem], wanted: list[str], keys: set[str]) -> bool:  # noqa: FBT001
        """Process one run of old and new items; return whether that is possible."""
        left = list(wanted)
        for item in items:
            if equal:
                word = left.pop(0)
                if word == item.canon:
                    self.events.append(_PlacedItem(item.row, item.text, word))
                elif self.free(item):
                    text = patched(self.facts, item.text, item.canon, word)
                    self.events.append(_PlacedItem(item.row, text, word))
                else:
                    self.events.append(_PlacedItem(item.row, item.text, item.canon))
                    self.events.append(_PlacedItem(None, word, word))
            elif left and not self.keyed and self.free(item):
                word = left.pop(0)
                self.events.append(_PlacedItem(item.row, word, word))
            elif not self.rows[item.row][1]:
                if not (self.keyed and item.key in keys):
                    return False
                self.events.append(_PlacedItem(item.row, item.text, item.canon))
        self.events += (_PlacedItem(None, word, word) for word in left)
        return True

    def many(self, row: int | None) -> bool:
        """Return whether a new item is added to this line, not on its own line."""
        if row is None or not (self.separated and self.rows[row][1] and self.writable[row]):
            return False
        alone = (
            sum(
                mine and writable
                for (_, mine), writable in zip(self.rows, self.writable, strict=True)
            )
            == 1
        )
        return len(self.cut(self.rows[row][0])) > 1 or (alone and self.facts.type != "acl")

    def lines(self) -> Iterator[ListLine]:
        """Distribute the items over lines."""
        rows = [event.row for event in self.events]
        for at, event in enumerate(self.events):
            if event.row is not None:
                continue
            before = next((row for row in reversed(rows[:at]) if row is not None), None)
            after = next((row for row in rows[at:] if row is not None), None)
            if before is not None and (before == after or self.many(before)):
                event.row = rows[at] = before
            elif self.many(after):
                event.row = rows[at] = after
        dropped = self.dropped()
        at = 0
        while at < len(self.events):
            row = self.events[at].row
            if row is None:
                canon = self.events[at].canon
                moved = dropped.pop(canon, None)
                value = self.rows[moved][0] if moved is not None else self.events[at].text
                yield ListLine(None, value, moved)
                at += 1
                continue
            texts = []
            while at < len(self.events) and self.events[at].row == row:
                texts.append(self.events[at].text)
                at += 1
            yield ListLine(row, self.joined(row, texts))

    def dropped(self) -> dict[str, int]:
        """Return the removed lines with one item, by item: they may be added again elsewhere."""
        kept = {event.row for event in self.events}
        return {
            item.canon: item.row
            for item in self.items
            if item.row not in kept
            and (self.writable[item.row] or self.whole)
            and len(self.cut(self.rows[item.row][0])) == 1
        }

    def joined(self, row: int, texts: list[str]) -> str | None:
        """Return a line's items as its value, spaced as they are now; `None`: nothing changes."""
        old = self.cut(self.rows[row][0])
        if texts == old or not self.separated:
            return None if texts == old else texts[0]
        rest = old[1] if len(old) > 1 else ""
        blank = rest[: len(rest) - len(rest.lstrip(_BLANKS))]
        known = set(old)
        parts = [text if text in known else blank + text for text in texts]
        return ",".join([parts[0].lstrip(_BLANKS), *parts[1:]])
