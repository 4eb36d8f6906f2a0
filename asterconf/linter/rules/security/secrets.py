"""Passwords and PINs that are easy to guess, or used twice."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject, PjsipOption
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule, more
from asterconf.linter.rules.security.weakness import pin_weakness, secret_weakness
from asterconf.linter.tree import Tree
from asterconf.source import Position, fold


def _secrets(tree: Tree) -> Iterator[tuple[PjsipObject, PjsipOption]]:
    """Yield each password that phones log in with: the auth, and its option."""
    incoming = {name for one in tree.objects.all("endpoint") for name in one.names("auth")}
    for one in tree.objects.all("auth"):
        option = one.last("password")
        if option is not None and option.value and one.id in incoming:
            yield one, option


def _place(of: tuple[PjsipObject, PjsipOption]) -> Position:
    one, option = of
    return option.position or one.position


class WeakSecret(TreeRule):
    """The passwords that phones log in with.

    Attackers try the usual words, digits, and the number itself at every PBX they find; whoever
    has one calls at the owner's cost.
    """

    name = "weak-secret-of-phone"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first weak password of each kind; its line may be that of a template."""
        found: dict[str, list[tuple[Position, str]]] = {}
        for one, option in _secrets(tree):
            base = one.id.removesuffix("-auth").removesuffix("-iauth")
            if problem := secret_weakness(option.value, (base, one.text("username"))):
                found.setdefault(problem, []).append((_place((one, option)), one.id))
        for problem, places in found.items():
            yield from self.once(places, problem=problem)


class RepeatedSecret(TreeRule):
    """Phones with one password.

    Who learns one of them has both, and a phone that is lost costs two new passwords.
    """

    name = "repeated-secret-of-phone"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the second phone that has a password."""
        users: dict[str, dict[str, tuple[PjsipObject, PjsipOption]]] = {}
        for one, option in _secrets(tree):
            users.setdefault(option.value, {}).setdefault(one.text("username"), (one, option))
        for phones in users.values():
            first, *others = phones.values()
            if others and first[0].id != others[0][0].id:
                place, line = _place(others[0]), _place(first)
                notes = [(line, "that one")]
                notes += [(_place(other), f"{other[0].id!r}, too") for other in others[1:4]]
                related = [(at, note) for at, note in notes if at != place]
                said = more(len(others) - 1)
                yield self.at(place, related, name=others[0][0].id, more=said, other=first[0].id)


class WeakPin(TreeRule):
    """The PINs of mailboxes.

    Whoever guesses one hears the messages, and can often call on at the owner's cost. Of a box
    without one, or with `-`, VoiceMailMain asks nobody for it; `passwordlocation = spooldir` may
    keep it elsewhere.
    """

    name = "weak-pin-of-mailbox"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first weak PIN of each kind."""
        found: dict[str, list[tuple[Position, str]]] = {}
        where = tree.option("voicemail.conf", "general", "passwordlocation")
        elsewhere = where is not None and fold(where[0]) == "spooldir"
        for address, bound in tree.work.mailboxes.objects.items():
            pin = bound.obj.initial_pin.reveal().removeprefix("-") if bound.obj.initial_pin else ""
            problem = "" if elsewhere else "missing, so that nobody is asked for it"
            problem = pin_weakness(pin, bound.obj.number) if pin else problem
            place = bound.where("initial_pin") or bound.where() if problem else None
            if place is not None:
                found.setdefault(problem, []).append((place, address))
        for problem, places in found.items():
            yield from self.once(places, problem=problem)
