"""What steps count on: files of their modules, and phones for the numbers of a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.flow import table
from asterconf.language import dialstring
from asterconf.language.dialstring import PJSIPTarget
from asterconf.language.pattern import Pattern
from asterconf.linter.rules.rule import StepRule, TreeRule, more
from asterconf.linter.tree import StepAt, Tree
from asterconf.resolve.sources import ModuleLoading
from asterconf.source import Position, count, fold, is_true

NEEDS = {
    fold(name): one.needs for name, one in table.TABLE.items() if one.needs
}  # fmt: skip


class ApplicationNeedsFile(TreeRule):
    """Steps whose module does not load without a file, which is not here.

    Asterisk then does not have the application, and the call ends at the step. Observed for Page
    and ConfBridge without confbridge.conf.
    """

    name = "application-needs-file"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step of each such application."""
        if len(tree.work.names) < 2:
            return  # one file by itself says nothing about the others
        found: dict[str, dict[str, tuple[str, Position]]] = {}
        for at in tree.extensions:
            for step in at.extension.steps:
                word = fold(step.app)
                file = NEEDS.get(word)
                if file is not None and not tree.work.has(file):
                    found.setdefault(file, {}).setdefault(word, (step.app, at.place(step)))
        for file, several in found.items():
            names, places = zip(*several.values(), strict=True)
            yield self.at(places[0], file=file, name=" or ".join(names))


class ApplicationKeptOut(TreeRule):
    """Steps whose module modules.conf does not load: `noload`, or no `load` without `autoload`.

    Asterisk then does not have the application, and the call ends at the step.
    """

    name = "application-kept-out"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step of each such module."""
        schema = tree.work.schema
        loading = ModuleLoading(schema, tree.work.resolve("modules.conf"))
        if not loading.known:
            return
        every, of = schema.modules(), dict[str, str]()
        for name, raw in schema.applications().items():
            if raw.get("module") in every:
                of[fold(name)] = raw["module"]
        loaded = {name for name in every if not loading.why_not(name)}
        out = {m for m in of.values() if not any(one.startswith(m) for one in loaded)}
        found: dict[str, list[tuple[str, Position]]] = {}
        for at in tree.extensions:
            for step in at.extension.steps:
                module = of.get(fold(step.app), "")
                if module in out:
                    found.setdefault(module, []).append((step.app, at.place(step)))
        for module, steps in found.items():
            (name, place), *others = steps
            related = [(one, f"{app}, too") for app, one in others[:3]]
            facts = {"why": loading.why_not(module), "name": name, "more": more(len(others))}
            yield self.at(place, related, code="", **facts)


class HttpOff(TreeRule):
    """What comes in by HTTP, while http.conf does not turn that server on.

    Those are phones by WebSocket, ARI, and the manager with `webenabled`. `tlsenable` alone does
    not turn it on.
    """

    name = "http-off"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is first of each kind."""
        if not tree.work.has("http.conf") or _is_on(tree, "http.conf", "enabled"):
            return
        for one in tree.objects.all("transport"):
            if fold(one.text("protocol")) in {"ws", "wss"}:
                yield self.at(one.where("protocol"), what=f"transport {one.id!r}")
                break
        users = [one for one in tree.sections("ari.conf") if one.get("type") == "user"]
        unsaid = tree.option("ari.conf", "general", "enabled") is None  # it is on by default
        if users and (unsaid or _is_on(tree, "ari.conf", "enabled")):
            yield self.at(users[0].position, what="ARI")
        web = tree.option("manager.conf", "general", "webenabled")
        if web is not None and is_true(web[0]) and _is_on(tree, "manager.conf", "enabled"):
            yield self.at(web[1], what="the manager by HTTP")


def _is_on(tree: Tree, file: str, option: str) -> bool:
    said = tree.option(file, "general", option)
    return said is not None and is_true(said[0])


class PatternWithoutPhones(StepRule):
    """A pattern that rings `PJSIP/${EXTEN}`, of whose numbers most are no endpoint.

    Who dials one of those gets an error of the channel, and no "invalid number".
    """

    name = "pattern-without-phones"
    applications = frozenset({"dial"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        found = re.match(r"PJSIP/\$\{EXTEN\}(?=[,&]|\Z)", at.step.data)
        name = at.at.extension.name
        if found is None or not name.startswith("_") or name[-1] in ".!" or not tree.endpoints:
            return
        if not tree.work.references.defined.of("pjsip.conf", "endpoint").complete:
            return
        before = at.at.extension.steps[: at.index]
        if any(fold(step.app) in {"gotoif", "execif", "gosubif"} for step in before):
            return
        pattern = Pattern(name)
        there = sum(pattern.matches(one) for one in tree.endpoints)
        total = pattern.count() or 0
        if there < total:
            facts = {
                "pattern": name,
                "numbers": count(total, "number"),
                "there": f"{there:,}" if there else "none",
            }
            yield self.at(at.place, **facts)


class NumberBehindEndpoint(StepRule):
    """A number behind an endpoint, where Asterisk looks for the name of an aor.

    chan_sip took `SIP/trunk/number`; of `PJSIP/trunk/number` Asterisk says "Could not create dialog
    to invalid URI", and the call ends with CHANUNAVAIL.
    """

    name = "number-behind-endpoint"
    applications = frozenset({"dial"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        data = at.step.data
        slashes = data.count("/") if "$" in data else 0
        if slashes < 2 and not (slashes and _MAY_HOLD.search(data)):
            return
        known = tree.work.references
        plan = known.plan
        text = plan.says(data, plan.contexts[at.at.context.name], at.at.extension, at.index)
        for target in dialstring.parse(text.partition(",")[0]).targets:
            if not isinstance(target, PJSIPTarget) or target.contact is None:
                continue
            contact, name = target.contact.text, target.endpoint.text
            endpoint = tree.objects.by_kind["endpoint"].get(name)
            shape = _DIALLED.fullmatch(contact)
            if endpoint is None or shape is None:
                continue
            if not known.defined.of("pjsip.conf", "aor").complete:
                continue
            pattern = Pattern(at.at.extension.name)
            fits = re.compile(re.escape(shape[1]) + "[0-9*#+-]+")
            aors = endpoint.names("aors")
            if not any(pattern.matches(one) or fits.fullmatch(one) for one in aors):
                yield self.at(at.place, target=str(target), contact=contact, endpoint=name)


_MAY_HOLD = re.compile(r"\$(?!\{EXTEN[:}])")
"""What may stand for a `/`: any variable but the number itself."""
_DIALLED = re.compile(r"([0-9+*#]*)\$\{EXTEN(?::[-0-9:]+)?\}")
