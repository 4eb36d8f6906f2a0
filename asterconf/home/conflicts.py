"""Where the parts of a house get into each other's way, and what will be regretted later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from asterconf.home.devices import phone_ports, protocol
from asterconf.home.outgoing import OutgoingCalls
from asterconf.home.plan import Plan
from asterconf.home.settings import is_address
from asterconf.home.sip import HEADER, LINE, callers, setting
from asterconf.language.pattern import matches
from asterconf.model import Extension, Trunk

__all__ = ["check_conflicts", "check_secrets"]

_LONG_ENOUGH: Final = 12
_COMMON: Final = ("password", "passwort", "secret", "s3cret", "asterisk", "qwert", "letmein",
                  "changeme", "admin", "welcome", "12345", "54321")  # fmt: skip
_RUNS: Final = "01234567890 09876543210"


def check_secrets(plan: Plan) -> None:
    """Find passwords and PINs that are easily guessed, or used twice."""
    seen: dict[str, str] = {}
    accounts: list[tuple[str, Trunk | Extension]] = [
        *((f"extensions[{i}]", e) for i, e in enumerate(plan.extensions)),
        *((f"trunks[{i}]", t) for i, t in enumerate(plan.trunks)),
    ]
    for path, account in accounts:
        secret = account.secret.reveal() if account.secret else ""
        if not secret:
            continue
        weakness = _weakness(secret, account) if isinstance(account, Extension) else ""
        if weakness:
            plan.finding("weak-secret", f"{path}.secret", problem=weakness)
        if secret in seen:
            plan.finding("repeated-secret", f"{path}.secret", other=seen[secret])
        seen.setdefault(secret, account.name)
    for index, box in enumerate(plan.mailboxes):
        pin = box.initial_pin.reveal().removeprefix("-") if box.initial_pin else ""
        if pin and (problem := _pin_weakness(pin, box.number)):
            plan.finding("weak-pin", f"mailboxes[{index}].initial_pin", problem=problem)


def _weakness(secret: str, extension: Extension) -> str:
    if len(secret) < _LONG_ENOUGH:
        return f"shorter than {_LONG_ENOUGH} characters"
    if secret.isdigit():
        return "made of digits only"
    if len(set(secret)) < 5:
        return "made of a few characters"
    own = (extension.name, extension.number or "", extension.auth_user or "")
    known = [word for word in (*_COMMON, *own) if len(word) > 3 and word.lower() in secret.lower()]
    return f"made of {known[0]!r}" if known else ""


def _pin_weakness(pin: str, number: str) -> str:
    if len(pin) < 4:
        return "shorter than four digits"
    if pin == number:
        return "the number of the box"
    return "a run of digits" if pin in _RUNS or len(set(pin)) == 1 else ""


def check_conflicts(plan: Plan) -> None:
    """Find what cannot work together; features have contributed already."""
    _ports(plan)
    _hosts(plan)
    _encryption(plan)
    _swallowed(plan)
    _hidden(plan)
    _emergency(plan)
    for feature in plan.features:
        if isinstance(feature, OutgoingCalls):
            if feature.international:
                plan.finding("abroad-open", "features.outgoing_calls.international")
            if feature.premium:
                plan.finding("premium-open", "features.outgoing_calls.premium")


def _ports(plan: Plan) -> None:
    low, high = plan.network.rtp_ports
    there, needed = high - low + 1, 2 * (len(plan.extensions) + len(plan.trunks) + 1)
    if 0 < there < needed:
        plan.fault(
            f"has {there} ports, and a call that rings every phone takes {needed}: two for each "
            "phone, each provider, and one more",
            "network.rtp_ports",
            kind="rtp-too-small",
        )
    ranges = phone_ports(plan.extensions, plan.network)
    taken = {"the PBX": (low, high)} | {f"extension {n}": ports for n, ports in ranges.items()}
    for (one, first), (other, second) in combinations(taken.items(), 2):
        if first[0] <= second[1] and second[0] <= first[1]:
            plan.fault(
                f"the ports {first[0]} to {first[1]} of {one} overlap with {second[0]} to "
                f"{second[1]} of {other}",
                "network.rtp_ports" if one == "the PBX" else "extensions",
                kind="rtp-overlap",
            )


def _hosts(plan: Plan) -> None:
    """See that calls of two trunks at one host are told apart."""
    for index, trunk in enumerate(plan.trunks):
        numeric = all(is_address(m.partition("/")[0]) for m in trunk.match or ())
        if setting(trunk, HEADER) and not numeric:
            plan.fault(
                "must be addresses, not names, where a header tells whose call it is: anybody "
                "can write a header",
                f"trunks[{index}].match",
            )
        if setting(trunk, LINE) == "yes" and trunk.sends_registrations is False:
            plan.fault(
                "must register where its calls are known by the line",
                f"trunks[{index}].sends_registrations",
                kind="line-unregistered",
            )
    by_address = [(i, t) for i, t in enumerate(plan.trunks) if setting(t, LINE) != "yes"]
    for (_, one), (index, other) in combinations(by_address, 2):
        both = sorted({*(one.match or callers(one.remote_hosts))}
                      & {*(other.match or callers(other.remote_hosts))})  # fmt: skip
        headers = {setting(one, HEADER), setting(other, HEADER)} - {""}
        if both and len(headers) < 2:
            plan.fault(
                f"calls from {both[0]} could be those of {one.name} or of {other.name}",
                f"trunks[{index}]",
                kind="same-host",
            )


def _encryption(plan: Plan) -> None:
    for index, extension in enumerate(plan.extensions):
        path, encrypted = f"extensions[{index}]", extension.media_encryption == "sdes"
        how = protocol(extension)
        if encrypted and how != "tls":
            plan.finding("keys-in-clear", path, protocol=how.upper())
        elif how == "tls" and not encrypted:
            plan.finding("sound-in-clear", path)
    for index, trunk in enumerate(plan.trunks):
        path, secure = f"trunks[{index}]", trunk.transport == "transport-tls"
        encrypted = trunk.media_encryption == "sdes"
        if encrypted and not secure:
            how = (trunk.transport or "transport-udp").removeprefix("transport-").upper()
            plan.finding("keys-in-clear", path, protocol=how)
        elif secure and not encrypted:
            plan.finding("sound-in-clear", path)
        if secure and plan.network.tls and not plan.network.tls.authorities:
            plan.finding("certificate-unchecked", path)


def _swallowed(plan: Plan) -> None:
    """See that no name of a context answers for a context that it includes."""
    for name, number, what in plan.included:
        for claimed, owner in plan.context(name).claims.items():
            plain = claimed.partition("/")[0]
            if not claimed.endswith("(hint)") and matches(plain, number):
                plan.fault(
                    f"{number} is wanted by {what}, and {plain} of {owner} swallows it",
                    kind="number-swallowed",
                )


def _hidden(plan: Plan) -> None:
    """Find phones whose number somebody outside has, too."""
    if "OutgoingCalls" not in plan.feature_kinds or (known := plan.numbers_here()) is None:
        return
    forms = [form.pattern for form in (*known.national, *known.services)]
    for index, extension in enumerate(plan.extensions):
        number = extension.number or ""
        if any(matches(form, number) for form in forms):
            plan.finding("number-hidden", f"extensions[{index}].number", number=number)


def _emergency(plan: Plan) -> None:
    """See that every phone reaches every emergency number."""
    for index, extension in enumerate(plan.extensions):
        context = extension.context or ""
        for number in plan.emergency:
            names = set(_reached(plan, context))
            if not any(number in plan.context(name).claims for name in names):
                plan.fault(
                    f"leaves {extension.name} without a way to call {number}",
                    f"extensions[{index}].context",
                    kind="no-emergency",
                )
                break


def _reached(plan: Plan, start: str) -> Iterator[str]:
    """Yield the context and all that it includes."""
    known = {context.name: context for context in plan.contexts()}
    todo, seen = [start], set()
    while todo:
        name = todo.pop()
        if name in known and name not in seen:
            seen.add(name)
            yield name
            todo += [re.split("[,|]", other)[0] for other in known[name].includes]
