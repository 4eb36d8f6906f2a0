"""Passwords and PINs that are easy to guess, or used twice."""

from __future__ import annotations

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


class WeakSecret(TreeRule):
    """The passwords that phones log in with.

    Attackers try the usual words, digits, and the number itself at every PBX they find; whoever
    has one calls at the owner's cost.
    """

    name = "weak-secret-of-phone"
    preview = True
    verified: Verified = "judgement"
    messages = (
        Message(
            "AC709", Severity.ADVICE, "the password of {name!r} is {problem}: it is soon guessed",
            "make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(15))'",
            logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each weak password."""
        for name, user, secret, place in _secrets(tree):
            base = name.removesuffix("-auth").removesuffix("-iauth")
            if problem := secret_weakness(secret, (base, user)):
                yield self.at(place, name=name, problem=problem)


class RepeatedSecret(TreeRule):
    """Two phones with one password.

    Who learns one of them has both, and a phone that is lost costs two new passwords.
    """

    name = "repeated-secret-of-phone"
    preview = True
    verified: Verified = "judgement"
    messages = (
        Message(
            "AC710", Severity.ADVICE, "{name!r} has the password of {other!r}, too",
            "give each its own", logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the second one of each two, where they stand on lines of their own."""
        first: dict[str, tuple[str, str, Position]] = {}
        for name, user, secret, place in _secrets(tree):
            other = first.setdefault(secret, (name, user, place))
            if other[0] != name and other[1] != user:
                related = [(other[2], "that one")]
                yield self.at(place, related, name=name, other=other[0])


class WeakPin(TreeRule):
    """The PINs of mailboxes.

    Whoever guesses one hears the messages, and can often call on at the owner's cost.
    """

    name = "weak-pin-of-mailbox"
    preview = True
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
