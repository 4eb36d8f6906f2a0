"""What there is to be named, and whether that is all there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import attrs

from asterconf.bind.pjsip import PjsipObjects, pjsip_ids
from asterconf.bind.wizard import wizard_hints
from asterconf.dialplan.loader import LoadedDialplan
from asterconf.language.exten import atoi
from asterconf.language.sip_uri import is_uri
from asterconf.references.mentions import PLAN
from asterconf.references.plan import extension_name
from asterconf.resolve import Effective, EffectiveSection
from asterconf.resolve.sources import FileSource
from asterconf.source import fold, is_true

_OPEN = {"AC010", "AC018", "AC023"}
"""Findings that say that not all of a file was read."""

_ALWAYS = {
    ("musiconhold.conf", "class"): {"default"},
    ("res_parking.conf", "parking_lot"): {"default"},
    ("confbridge.conf", "bridge_profile"): {"default_bridge"},
    ("confbridge.conf", "user_profile"): {"default_user"},
    ("confbridge.conf", "menu"): {"default_menu"},
}
"""Names that stand for something without a section."""

_PLAN_KINDS = {"context", "extension", "label"}
_EXACT = {"context", "endpoint", "aor", "auth", "transport", "extension", "label", "mailbox"}
"""Kinds of names in which case counts."""

_USED_TO_MAKE = {"conference", "device"}
"""Kinds of which there is one as soon as somebody uses it."""


@attrs.frozen
class Known:
    """The names of one kind.

    Attributes:
        names: every one that is known.
        complete: whether there are no others. They may come from a database, from an include that
            was not read, or from other files.
    """

    names: frozenset[str]
    complete: bool
    _folded: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of(cls, kind: str, names: frozenset[str], *, complete: bool) -> Known:
        """Make the names of a kind, found in any case where case does not count."""
        folded = {} if kind in _EXACT else {fold(name): name for name in sorted(names)}
        return cls(names, complete, folded)

    def spelled(self, name: str) -> str | None:
        """Return a name as it is defined; None: it is not."""
        return name if name in self.names else self._folded.get(fold(name))


@attrs.define(eq=False)
class Defined:
    """The names that a configuration defines, worked out when they are asked for.

    Attributes:
        readings: what Asterisk reads out of each file, by its name.
        sources: who reads each file.
        plan: the dialplan.
        objects: gives the objects that pjsip_wizard.conf and pjsip.conf make; not shown.
    """

    readings: Mapping[str, Effective]
    sources: Mapping[str, FileSource]
    plan: LoadedDialplan
    _objects: Callable[[Effective | None, Effective | None], PjsipObjects] = attrs.field(repr=False)
    _known: dict[tuple[str, str], Known] = attrs.field(factory=dict, init=False)

    def of(self, file: str, kind: str) -> Known:
        """Return the names of one kind of a file."""
        key = (file, kind)
        if key not in self._known:
            names = frozenset(self._names(file, kind)) | _ALWAYS.get(key, set())
            whole = self._whole(file) and kind not in _USED_TO_MAKE
            self._known[key] = Known.of(kind, names, complete=whole)
        return self._known[key]

    def rings(self, resource: str) -> bool:
        """Tell whether `PJSIP/RESOURCE` may ring somebody.

        Behind a `/` stands a URI, or the name of an aor or several; without one the endpoint has
        aors. Of an endpoint that is not here, and where not all of the files is, it is not known.

        Source: res/res_pjsip_session.c, ast_sip_session_create_outgoing. Checked on Asterisk
        22.10.1: tests/live/test_dialstring.py.
        """
        name, _, contact = resource.partition("/")
        known = self.of("pjsip.conf", "aor")
        if not known.complete:
            return True
        if not contact:
            found = self._pjsip.by_kind["endpoint"]
            one = found.get(name) or found.get(name.partition("@")[2])
            return one is None or bool(one.names("aors"))
        return not known.names.isdisjoint(contact.split(",")) or is_uri(contact)

    def absent(self, file: str) -> bool:
        """Tell whether there is no such file at all."""
        return file not in self.readings

    def _whole(self, file: str) -> bool:
        """Tell whether all that a file defines can be seen."""
        effective = self.readings.get(file)
        if effective is None or not effective.valid:
            return False
        source = self.sources.get(effective.name)
        if source is None or source.role == "unknown":
            return False
        if any(also != "users.conf" for also in source.also):
            return False
        return not any(found.code in _OPEN for found in effective.diagnostics)

    def _names(self, file: str, kind: str) -> Iterator[str]:
        effective = self.readings.get(file)
        if file == PLAN and kind in _PLAN_KINDS:
            yield from self._of_plan(kind)
        elif (file, kind) == ("voicemail.conf", "mailbox"):
            yield from self._mailboxes(effective)
        else:
            if (file, kind) == ("manager.conf", "user"):
                yield from (user for user, says in self._users() if is_true(says("hasmanager")))
            yield from self._of_file(effective, file, kind) if effective is not None else ()

    def _of_file(self, effective: Effective, file: str, kind: str) -> Iterator[str]:
        """Yield the names of a kind that the sections of a file are, or define."""
        if file == "pjsip.conf":
            yield from self._pjsip_ids.get(kind, ())
        if (file, kind) == ("features.conf", "featuremap"):
            known = effective.schema.file(file)
            yield from known.objects[kind].options if known else ()
            yield from self._names(file, "applicationmap")
        inside = kind in {"zonemessages", "applicationmap"}
        for section in effective.live:
            boxes = file == "voicemail.conf" and kind == "context"
            if boxes or (section.kind is not None and section.kind.name == kind):
                yield from (name for name, _ in section.pairs) if inside else (section.name,)

    @cached_property
    def _pjsip(self) -> PjsipObjects:
        return self._objects(*map(self.readings.get, ("pjsip_wizard.conf", "pjsip.conf")))

    @cached_property
    def _pjsip_ids(self) -> Mapping[str, set[str]]:
        return pjsip_ids(self._pjsip, self.readings.get("pjsip.conf"))

    def _mailboxes(self, effective: Effective | None) -> Iterator[str]:
        aliases = (effective.setting("general", "aliasescontext") if effective else "") or ""
        for section in effective.live if effective else ():
            kind = section.kind.name if section.kind else ""
            if kind == "context" or (aliases and section.name == aliases):
                boxes = (name for name, _ in section.pairs if not name.startswith("*"))
                yield from (f"{name}@{section.name}" for name in boxes)
        context = (effective.setting("general", "userscontext") if effective else "") or "default"
        for user, says in self._users():
            if is_true(says("hasvoicemail")) and not user.startswith("*"):
                yield f"{user}@{context}"

    # -- the dialplan -------------------------------------------------------------------------

    def _of_plan(self, kind: str) -> Iterator[str]:
        if kind == "context":
            yield from (context.name for context in self.plan.dialplan.contexts)
            yield from self.made_contexts
            return
        for context in self.plan.dialplan.contexts:
            for extension in context.extensions:
                if kind == "extension":
                    yield extension_name(context.name, extension).name
                    continue
                for step in extension.steps:
                    if step.label is not None:
                        yield f"{context.name},{extension.key},{step.label}"
        if kind == "extension":
            yield from self._made_extensions()

    @cached_property
    def made_contexts(self) -> frozenset[str]:
        """The contexts that modules make or add to by themselves.

        Source: res/res_parking.c; res/res_pjsip_endpoint_identifier and apps/app_confbridge.c by
        `regcontext`; pbx/pbx_config.c for users.conf; res/res_pjsip_config_wizard.c for
        hints. Observed: a parking lot without `parkext`
        makes no context of its own.
        """
        found = {"parkedcalls", "parkedcallstimeout", "park-dial"}
        for name in ("res_parking.conf", "pjsip.conf", "pjsip_wizard.conf", "confbridge.conf",
                     "iax.conf"):  # fmt: skip
            effective = self.readings.get(name)
            for section in effective.live if effective is not None else ():
                for option, value in section.pairs:
                    facts = section.facts(option)
                    if facts and any(one.raw.get("creates") for one in facts.references):
                        found.add(value)
                    elif fold(option) == "regcontext":
                        found.update(value.split("&"))
        found.update(name.partition("@")[2] for name in self._users_extensions())
        found.update(one[0] for one in wizard_hints(self.readings.get("pjsip_wizard.conf")))
        return frozenset(found)

    def _made_extensions(self) -> Iterator[str]:
        """Yield the extensions that parking lots and users.conf make."""
        effective = self.readings.get("res_parking.conf")
        for section in effective.live if effective is not None else ():
            extension = section.get("parkext") if section.kind is not None else None
            first, dash, last = (section.get("parkpos") or "701-750").partition("-")
            if not extension or not dash:
                continue
            context = section.get("context") or "parkedcalls"
            spaces = range(atoi(first), min(atoi(last), atoi(first) + 9_999) + 1)
            yield from (f"{number}@{context}" for number in (extension, *spaces))
        yield from self._users_extensions()

    def _users_extensions(self) -> Iterator[str]:
        """Yield the extensions of users.conf: for each user with a device.

        Source: pbx/pbx_config.c, pbx_load_users.
        """
        context = self.plan.dialplan.general.userscontext
        for user, says in self._users():
            device = is_true(says("hasiax")) or is_true(says("hash323")) or says("dahdichan")
            if device and (not says("hasexten") or is_true(says("hasexten"))):
                for name in (user, *says("alternateexts").split(",")):
                    if name:
                        yield f"{name}@{context}"

    def has_driver(self, user: str) -> bool:
        """Tell whether a driver looks at a user of users.conf, or at one that inherits of it.

        Source: channels/chan_iax2.c, set_config; channels/chan_dahdi.c, setup_dahdi_int.
        """
        return any(
            is_true(says("hasiax")) or says("dahdichan") not in {"", "0"}
            for name, says in self._users()
            if name == user or fold(user) == "general"
        )

    def _users(self) -> Iterator[tuple[str, _Says]]:
        effective = self.readings.get("users.conf")
        read = effective is not None and effective.schema.readers("users.conf")
        live = list(effective.live) if effective is not None and read else []
        general = next((one for one in live if fold(one.name) == "general"), None)
        for section in live:
            if section is not general:
                yield section.name, _Says(section, general)


@attrs.frozen(eq=False)
class _Says:
    """The options of a user of users.conf: its own, else those of `[general]`."""

    section: EffectiveSection
    general: EffectiveSection | None

    def __call__(self, option: str) -> str:
        found = self.section.values(option)
        if not found and self.general is not None:
            found = self.general.values(option)
        return found[0] if found else ""
