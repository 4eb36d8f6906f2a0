"""Sections that an extension or trunk in primitives style gains or loses by a change.

An extension that shall authenticate needs an auth, a trunk with one more host one more
registration. What names the section in the others is written along with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from asterconf.bind import Bound, FreshSection
from asterconf.editing.desk import Desk, Touched
from asterconf.editing.objects.inserting import Slot, insert
from asterconf.editing.objects.removing import user_of
from asterconf.editing.objects.standing import (
    LINKS,
    Siblings,
    fresh_of,
    label_of,
    names_in,
    parts_of,
    style_of,
)
from asterconf.editing.options.edits import OptionEdits, Want
from asterconf.editing.options.lines import LineEdits
from asterconf.source import fold

__all__ = ["fit"]

_LABELS: Mapping[str, str] = {"aors": "aor", "auth": "auth", "outbound_auth": "outbound_auth"}
"""Which section a linking option names; `endpoint` names the endpoint."""


def fit(desk: Desk, bound: Bound[Any], target: object, touched: Touched) -> bool:
    """Make and remove sections so that there are those that `target` takes.

    Returns:
        Whether there was anything to do.

    Raises:
        EditError: a section cannot be written.
    """
    if style_of(parts_of(desk, bound)) == "wizard":
        return False
    return _Fit(desk, bound, fresh_of(target, "primitives"), touched).run()


@attrs.define
class _Fit:
    desk: Desk
    bound: Bound[Any]
    new: Mapping[str, list[FreshSection]]
    touched: Touched
    names: dict[str, str] = attrs.field(factory=dict)
    """What the sections are called in the files, by label."""

    def run(self) -> bool:
        """Do it; tell whether there was anything to do."""
        old, parts = fresh_of(self.bound.obj, "primitives"), parts_of(self.desk, self.bound)
        self.names = {label: found[0].section.name for label, found in parts.items()}
        lacking = [
            (label, one)
            for label, sections in self.new.items()
            for one in sections[max(len(parts.get(label, [])), len(old.get(label, []))) :]
        ]
        lacking += [  # what so far went without saying, such as where calls come from
            (label, sections[0])
            for label, sections in self.new.items()
            if old.get(label) and not parts.get(label) and sections != old[label]
        ]
        surplus = [
            part
            for label, sections in old.items()
            for part in parts.get(label, [])[len(self.new.get(label, [])) :]
            if len(sections) > len(self.new.get(label, []))
        ]
        mine = [part for found in parts.values() for part in found]
        homes = [self.desk.home_of(p.section) for p in surplus if not user_of(self.desk, p, mine)]
        for label, one in lacking:
            self.make(label, one)
        if lacking or surplus:
            self.link(old)
        for home in homes:
            self.desk.files.documents[surplus[0].section.file].remove_section(home)
            self.touched.all(home)
        return bool(lacking or surplus)

    def make(self, label: str, fresh: FreshSection) -> None:
        """Make a section beside the others of its object, called and written as its like."""
        obj = self.bound.obj
        siblings = Siblings.of(self.desk, obj).like("primitives")
        inherits = next(iter(siblings.templates(label)), ())
        like = siblings.last(label, inherits)
        called = fresh.name
        if like is not None and like.obj.name in like.home.name and label not in self.names:
            called = like.home.name.replace(like.obj.name, obj.name)
        kind = dict(fresh.options)["type"]
        there = (s for s in self.desk.sections(fresh.file) if not s.template)
        if (kind, called) in {(label_of(s), s.name) for s in there}:
            called = f"{obj.name}-{label}"
        self.names.setdefault(label, called)
        options = tuple(
            (option, self.linked(label, option, value)) for option, value in fresh.options
        )
        own = (part for found in parts_of(self.desk, self.bound).values() for part in found)
        end = max(own, key=lambda part: part.section.line).section
        home = like.home if like is not None else None
        slot = Slot(label, called, end.file, inherits, options, home, self.desk.home_of(end))
        insert(self.desk, fresh.file, [slot], self.touched)

    def linked(self, label: str, option: str, value: str) -> str:
        """Return a value; of an option that names a section the name that it has in the files."""
        if option not in LINKS.get(label, ()):
            return value
        return self.names.get(_LABELS.get(option, "endpoint"), value)

    def link(self, old: Mapping[str, list[FreshSection]]) -> None:
        """Write or remove the options by which sections that stay name one that comes or goes."""
        lines = LineEdits(self.desk)
        for label, found in parts_of(self.desk, self.bound).items():
            for part in found if old.get(label) and self.new.get(label) else ():
                was, shall = dict(old[label][0].options), dict(self.new[label][0].options)
                edits = OptionEdits(self.desk, part.section, lines)
                for option in sorted(LINKS.get(label, ())):
                    if option in shall and not names_in(part.section, option):
                        value = self.linked(label, option, "")
                    elif option in was and option not in shall:
                        value = ""
                    else:
                        continue
                    self.touched.may(self.desk.home_of(part.section), {fold(option)})
                    edits.want(Want(option, (), (value,) if value else ()))
        for section, name in lines.touched:
            self.touched.may(section, {name})
        lines.make()
