"""Modules that modules.conf names: those that are gone, and those that are not Asterisk's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.resolve.sources import ModuleLoading
from asterconf.schema import ModuleFacts
from asterconf.source import Position, count, fold, is_true

_LOADS = frozenset({"load", "preload", "require", "preload-require"})


def _named(tree: Tree, words: frozenset[str] = _LOADS) -> Iterator[tuple[str, str, Position]]:
    """Yield each module that an option of some names has: the option, its name, and its place."""
    for section in tree.sections("modules.conf"):
        for index, (option, value) in enumerate(section.pairs if section.kind else ()):
            word, name = fold(option), value.removesuffix(".so")
            if word in words and name:
                yield word, name, section.item(index).origin


_STOPS = {"res_sorcery_config": "res_websocket_client", "res_sorcery_memory": "res_stir_shaken"}
"""Modules without which another one fails in such a way that Asterisk ends; observed."""


class NeededModule(TreeRule):
    """A module without which Asterisk does not start: it is gone, or `noload` keeps it out.

    Those that are gone and need not be there, AC707 counts.
    """

    name = "module-needed"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line."""
        known = tree.work.schema
        for word, name, place in _named(tree):
            if name in known.gone_modules() and "require" in word:
                yield self.at(place, name=name, asterisk=known.asterisk)
        out = {name: place for _, name, place in _named(tree, frozenset({"noload"}))}
        autoload = tree.option("modules.conf", "modules", "autoload")
        loaded = {name for _, name, _ in _named(tree)}
        for name, by in _STOPS.items():
            wanted = by in loaded or (autoload is not None and is_true(autoload[0]))
            if name in out and wanted and by not in out and by in known.modules():
                yield self.at(out[name], code="AC627", name=name, by=by)
                break


class KeptOutModule(TreeRule):
    """A module that `noload` keeps out, while another line loads it.

    `noload` counts, wherever it stands. If the other line is `require` or `preload-require`,
    Asterisk does not start.
    """

    name = "module-kept-out"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such noload."""
        loads: dict[str, list[tuple[str, Position]]] = {}
        for word, name, place in _named(tree):
            loads.setdefault(fold(name), []).append((word, place))
        for _, name, place in _named(tree, frozenset({"noload"})):
            for word, other in loads.get(fold(name), ())[:1]:
                effect = "Asterisk does not start" if "require" in word else "it is not loaded"
                facts = {"name": name, "place": str(other), "word": word, "effect": effect}
                yield self.at(place, [(other, "the other line")], **facts)


class PjsipKeptOut(TreeRule):
    """A `noload` of a module of PJSIP, while pjsip.conf or pjsip_wizard.conf have objects.

    Without res_pjsip nothing of these files is there, without chan_pjsip no call can be made, and
    neither starts without what it needs, such as res_sorcery_memory.
    """

    name = "pjsip-kept-out"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such noload."""
        names = ("pjsip.conf", "pjsip_wizard.conf")
        counts = {file: sum(1 for one in tree.sections(file) if "type" in one) for file in names}
        file = next((file for file in names if counts[file]), "")
        needed = _needed("chan_pjsip", tree.work.schema.modules())
        for _, name, place in _named(tree, frozenset({"noload"})):
            if file and fold(name) in needed:
                yield self.at(place, name=name, file=file, count=count(counts[file], "section"))


def _needed(name: str, known: Mapping[str, ModuleFacts]) -> set[str]:
    """Return a module and all that it needs to start."""
    facts = known.get(name)
    return {name}.union(*(_needed(one, known) for one in facts.requires)) if facts else {name}


class LoadedInVain(TreeRule):
    """A module that a line loads, without another one that it needs to start.

    Asterisk loads no module by itself, unless autoload = yes.
    """

    name = "module-in-vain"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line."""
        loading = ModuleLoading(tree.work.schema, tree.work.resolve("modules.conf"))
        for name, item in loading.asked.items():
            why = loading.why_not(name)
            if why.startswith(f"{name} needs ") and why.count(" needs ") == 1:
                needed = _needed(name, tree.work.schema.modules()) - {name}
                missing = ", ".join(sorted(one for one in needed if loading.why_not(one)))
                yield self.at(item.origin, name=name, why=why, missing=missing)


class WizardMissing(TreeRule):
    """A line of sorcery.conf whose wizard is not there.

    Its module is not loaded, or extconfig.conf does not have the family of `realtime`. The objects
    are not looked for there then, and res_pjsip does not start at all.
    """

    name = "wizard-missing"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line; a family, if all that extconfig.conf says is known."""
        loading = ModuleLoading(tree.work.schema, tree.work.resolve("modules.conf"))
        settings = [one for one in tree.sections("extconfig.conf") if fold(one.name) == "settings"]
        families = {fold(name) for one in settings for name, _ in one.pairs}
        mapped = tree.work.resolve("extconfig.conf")
        sure = settings and mapped is not None and not mapped.odd
        for section in tree.sections("sorcery.conf"):
            then = ": res_pjsip does not start" if fold(section.name) == "res_pjsip" else ""
            for index, (option, value) in enumerate(section.pairs):
                wizard, family = (*value.split(","), "")[:2]
                why, near = loading.why_not(f"res_sorcery_{wizard}"), "load that module"
                if sure and not why and wizard == "realtime" and fold(family) not in families:
                    why = f"extconfig.conf has no family {family!r}"
                    near = f"add {family} => ENGINE,DATABASE there"
                if why and f"res_sorcery_{wizard}" in loading.schema.modules():
                    facts = {"option": option, "wizard": wizard, "why": why}
                    yield self.at(section.item(index).origin, then=then, near=near, **facts)


class ForeignModule(TreeRule):
    """A module of somebody else: what it reads and does is not known here."""

    name = "module-foreign"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line."""
        known = tree.work.schema
        for word, name, place in _named(tree):
            needed = name in known.gone_modules() and "require" in word
            if not needed and name not in known.known_modules():
                yield self.at(place, name=name, asterisk=known.asterisk)
