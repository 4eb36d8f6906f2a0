"""Passwords and PINs that are easy to guess, or used twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule, Verified
from asterconf.linter.rules.security.weakness import pin_weakness, secret_weakness
from asterconf.linter.tree import Tree
from asterconf.source import Position, Severity

__all__ = ["RepeatedSecret", "WeakPin", "WeakSecret"]


def _secrets(tree: Tree) -> Iterator[tuple[str, str, str, Position]]:
    """Yield each password that phones log in with: auth, user, secret and place."""
    incoming = {name for one in tree.objects.all("endpoint") for name in one.names("auth")}
    for one in tree.objects.all("auth"):
        option = one.last("password")
        if option is not None and option.value and one.id in incoming:
            yield one.id, one.text("username"), option.value, option.position or one.position


def _more(others: int) -> str:
    return f" ({others} more)" if others else ""


class WeakSecret(TreeRule):
    """The passwords that phones log in with.

    Attackers try the usual words, digits, and the number itself at every PBX they find; whoever
    has one calls at the owner's cost.
    """

    name = "weak-secret-of-phone"
    verified: Verified = "judgement"
    messages = (
        Message(
            "AC709", Severity.ADVICE,
            "the password of {name!r}{more} is {problem}: it is soon guessed",
            "make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(15))'",
            logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each line with a weak password; it may be that of a template."""
        found: dict[Position, tuple[str, str]] = {}
        others = Counter[Position]()
        for name, user, secret, place in _secrets(tree):
            base = name.removesuffix("-auth").removesuffix("-iauth")
            if problem := secret_weakness(secret, (base, user)):
                others[place] += place in found
                found.setdefault(place, (name, problem))
        for place, (name, problem) in found.items():
            yield self.at(place, name=name, more=_more(others[place]), problem=problem)


class RepeatedSecret(TreeRule):
    """Phones with one password.

    Who learns one of them has both, and a phone that is lost costs two new passwords.
    """

    name = "repeated-secret-of-phone"
    verified: Verified = "judgement"
    messages = (
        Message(
            "AC710", Severity.ADVICE, "{name!r}{more} has the password of {other!r}, too",
            "give each its own", logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the second phone that has a password."""
        users: dict[str, dict[str, tuple[str, Position]]] = {}
        for name, user, secret, place in _secrets(tree):
            users.setdefault(secret, {}).setdefault(user, (name, place))
        for phones in users.values():
            (first, line), *others = phones.values()
            if others and first != (name := others[0][0]):
                place = others[0][1]
                related = [(line, "that one")] if line != place else []
                related += [(at, f"{other!r}, too") for other, at in others[1:4] if at != place]
                facts = {"name": name, "more": _more(len(others) - 1), "other": first}
                yield self.at(place, related, **facts)


class WeakPin(TreeRule):
    """The PINs of mailboxes.

    Whoever guesses one hears the messages, and can often call on at the owner's cost.
    """

    name = "weak-pin-of-mailbox"
    verified: Verified = "judgement"
    messages = (
        Message(
            "AC711", Severity.ADVICE, "the PIN of mailbox {name!r} is {problem}",
            "choose four digits or more without a pattern", logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each weak PIN."""
        for address, bound in tree.work.mailboxes.objects.items():
            pin = bound.obj.initial_pin.reveal().removeprefix("-") if bound.obj.initial_pin else ""
            problem = pin_weakness(pin, bound.obj.number) if pin else ""
            place = bound.where("initial_pin") if problem else None
            if problem:
                yield self.at(place, name=address, problem=problem)
