"""What is wrong with a description (errors), what is risky (warnings), and how to repair it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final, TypeVar

import attrs

from asterconf import schema
from asterconf.home.description import FEATURES, Described
from asterconf.home.plan import E164, HEADER, LINE, PSTN_CONTEXT, Plan, callers, setting
from asterconf.language.pattern import matches
from asterconf.linter.rules.security.weakness import pin_weakness, secret_weakness
from asterconf.model import CallerID, Extension, Queue, Secret, Trunk
from asterconf.model.home import (
    is_address,
    is_half_address,
    is_mail_address,
    phone_ports,
    protocol,
)
from asterconf.source import meant

_MOST_BYTES: Final = 1000
"""Longest text of a description. Asterisk drops a line of 8,192 bytes and cuts many values."""
_USER = re.compile(r"[A-Za-z0-9_.!~*'()&=+$,?/%-]+\Z")
"""User names that a SIP URI may hold as they are. Source: RFC 3261, section 25.1, user."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,78}\Z")
_NANP = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}\Z")
_AREA = re.compile(r"[2-9][0-9]{2}\Z")

Faults = Iterator[tuple[str, str]]


def check_description(plan: Plan) -> None:
    """Check what is described, before features contribute."""
    for check in (_owner, _names, _phones, _boxes, _references, _queues, _trunks, _texts):
        for path, problem in check(plan):
            plan.fault(problem, path)


def check_dialplan(plan: Plan) -> None:
    """Check that every context which a phone or trunk starts in is there."""
    there = [context.name for context in plan.contexts()]
    for path, thing in _accounts(plan):
        name = thing.context or PSTN_CONTEXT
        if name not in there:
            plan.fault(f"no feature makes a context {name!r}", f"{path}.context")
    for context in plan.contexts():
        plan.findings += context.faults


def _accounts(plan: Plan) -> Iterator[tuple[str, Trunk | Extension]]:
    kinds: tuple[tuple[str, Sequence[Trunk | Extension]], ...] = (
        ("trunks", plan.trunks),
        ("extensions", plan.extensions),
    )
    for kind, things in kinds:
        for index, thing in enumerate(things):
            yield f"{kind}[{index}]", thing


def _owner(plan: Plan) -> Faults:
    number = plan.owner.number
    if not E164.match(number):
        yield "owner", f"needs a number with + and country code, not {number!r}"
    elif number.startswith("+1") and not _NANP.match(number):
        yield "owner", f"is no number of North America: {number!r}"
    code = plan.area_code
    if code and number.startswith("+1") and not _AREA.match(code):
        yield "area_code", f"must be three digits, the first 2 to 9, not {code!r}"
    elif code and not code.isdigit():
        yield "area_code", f"must be digits, not {code!r}"
    yield from ((f"network.{path}", problem) for path, problem in plan.network.faults())
    yield from ((f"voicemail.{path}", problem) for path, problem in plan.voicemail.faults())


def _names(plan: Plan) -> Faults:
    seen = dict.fromkeys(("trunk-defaults", "extension-defaults"), "a template")
    for path, thing in _accounts(plan):
        if not _NAME.match(thing.name):
            yield f"{path}.name", f"must be letters, digits and _ . + - only, not {thing.name!r}"
        elif thing.name in seen:
            yield f"{path}.name", f"{thing.name!r} is already the name of {seen[thing.name]}"
        seen.setdefault(thing.name, path)


def _phones(plan: Plan) -> Faults:
    seen: dict[str, str] = {}
    addresses: dict[str, int] = {}
    for index, extension in enumerate(plan.extensions):
        number = extension.number
        if number is not None and number in seen:
            problem = f"{number} is already the number of extension {seen[number]}"
            yield f"extensions[{index}].number", problem
        elif number is not None:
            seen[number] = extension.name
        if extension.auth_user == "":
            yield f"extensions[{index}].auth_user", "is empty; leave it out for the name"
        elif extension.auth_user is not None and not extension.secret:
            yield f"extensions[{index}].secret", "is missing; nobody could register"
        yield from _codecs(extension, f"extensions[{index}]")
        if extension.max_contacts == 0:
            yield f"extensions[{index}].max_contacts", "is 0; the phone could not register"
        mac = extension.phone.mac if extension.phone else ""
        if mac and mac in addresses:
            other = addresses[mac]
            yield f"extensions[{index}].phone", f"has the hardware address of extensions[{other}]"
        addresses.setdefault(mac, index)


def _boxes(plan: Plan) -> Faults:
    seen = set()
    for index, box in enumerate(plan.mailboxes):
        if box.address in seen:
            yield f"mailboxes[{index}].number", f"there is a mailbox {box.address} already"
        seen.add(box.address)
        if not _NAME.match(box.context) or box.context in ("general", "zonemessages"):
            yield f"mailboxes[{index}].context", f"cannot hold mailboxes: {box.context!r}"
        if not box.number.isdigit():
            yield f"mailboxes[{index}].number", f"must be digits, not {box.number!r}"
        pin = box.initial_pin.reveal() if box.initial_pin else ""
        if not pin:
            yield f"mailboxes[{index}].initial_pin", "is missing; anybody could listen"
        elif not re.fullmatch("-?[0-9]+", pin):
            yield f"mailboxes[{index}].initial_pin", "must be digits, as phones have no others"
        for field in ("email", "pager"):
            mail = getattr(box, field)
            if mail and not is_mail_address(mail):
                yield f"mailboxes[{index}].{field}", f"must be an e-mail address, not {mail!r}"


def _references(plan: Plan) -> Faults:
    boxes = [box.address for box in plan.mailboxes]
    for index, extension in enumerate(plan.extensions):
        for address in filter(None, (extension.mailbox or "").split(",")):
            if address not in boxes:
                yield f"extensions[{index}].mailbox", f"there is no mailbox {address!r}"
    for path, thing in _accounts(plan):
        if thing.transport and thing.transport not in plan.network.transports:
            known = " and ".join(plan.network.transports)
            problem = f"there is no transport {thing.transport!r}, only {known}"
            yield f"{path}.transport", problem


def _queues(plan: Plan) -> Faults:
    phones = [f"PJSIP/{extension.name}" for extension in plan.extensions]
    seen = set()
    for index, queue in enumerate(plan.queues):
        path = f"queues[{index}]"
        if not _NAME.match(queue.name) or queue.name == "general":
            yield f"{path}.name", f"cannot be the name of a queue: {queue.name!r}"
        elif queue.name in seen:
            yield f"{path}.name", f"{queue.name!r} is already the name of a queue"
        seen.add(queue.name)
        for place, member in enumerate(queue.members):
            if member.interface not in phones:
                problem = f"{member.interface!r} is no phone of this home"
                yield f"{path}.members[{place}].interface", problem


def _trunks(plan: Plan) -> Faults:
    for index, trunk in enumerate(plan.trunks):
        path = f"trunks[{index}]"
        if not trunk.remote_hosts:
            yield f"{path}.remote_hosts", "is missing; where is the provider?"
        for host in trunk.remote_hosts:
            if not _is_server(host):
                yield f"{path}.server", f"must be a host, an address or host:port, not {host!r}"
        if trunk.sends_registrations is not False and not _USER.match(trunk.username or "x"):
            problem = f"must be a SIP user name, without @ and blanks, not {trunk.username!r}"
            yield f"{path}.username", problem
        if trunk.sends_auth is not False and not trunk.username:
            yield f"{path}.username", "is missing; the provider would ask for it"
        if trunk.sends_auth is not False and not trunk.secret:
            yield f"{path}.secret", "is missing; the provider would ask for it"
        yield from _codecs(trunk, path)
        user = trunk.contact_user
        if user and not _NAME.match(user.removeprefix("+")):
            yield f"{path}.contact_user", f"must be a number or a name, not {user!r}"


def _codecs(thing: Trunk | Extension, path: str) -> Faults:
    known = schema.codecs()
    for codec in thing.codecs or ():
        if codec.partition(":")[0] not in known:
            hint = meant(codec, known, before="; ")
            yield f"{path}.codecs", f"{codec!r} is not a codec of Asterisk{hint}"
    if thing.codecs == ():
        yield f"{path}.codecs", "is empty: every call would be refused"


def _is_server(text: str) -> bool:
    """Tell whether a text is `host`, `host:port`, an address, or `[address]:port`."""
    host, mark, port = text.rpartition(":")
    if not mark or text.endswith("]"):
        host, port = text, "5060"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        return False
    if host.startswith("["):
        return host.endswith("]") and ":" in host and is_address(host)
    named = re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?", host)
    return named is not None and not is_half_address(host)


def _texts(plan: Plan) -> Faults:
    """Yield the texts that a line of a file would not give back as they are."""
    things: list[tuple[str, Any]] = [("owner", plan.owner), *_accounts(plan)]
    things += [(f"mailboxes[{i}]", box) for i, box in enumerate(plan.mailboxes)]
    phones = {f"PJSIP/{extension.name}" for extension in plan.extensions}
    for index, queue in enumerate(plan.queues):  # phones and their names are looked at above
        others = [member for member in queue.members if member.interface not in phones]
        things.append((f"queues[{index}]", attrs.evolve(queue, members=others)))
    for path, thing in things:
        for place, text in _texts_of(thing, path):
            if not text.isprintable() or text != text.strip(" "):
                yield place, "must not hold control characters, or blanks at its ends"
            elif len(text.encode(errors="replace")) > _MOST_BYTES:
                yield place, f"is longer than {_MOST_BYTES:,} bytes"


def _texts_of(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, secrets too, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Secret):
        yield path, value.reveal()
    elif isinstance(value, CallerID):
        yield path, value.name
        yield path, value.number
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts_of(item, f"{path}[{index}]")
    elif attrs.has(kind := type(value)):
        for field in attrs.fields(kind):
            name, item = field.name, getattr(value, field.name)
            if isinstance(value, Trunk) and name == "match" and item == callers(value.remote_hosts):
                continue  # which a build fills in
            if name == "remote_hosts":
                yield from ((f"{path}.server", host) for host in item)
            else:
                yield from _texts_of(item, f"{path}.{name}")


# -- parts that get into each other's way ------------------------------------------------------


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
        weakness = ""
        if isinstance(account, Extension):
            own = (account.name, account.number or "", account.auth_user or "")
            weakness = secret_weakness(secret, own)
        if weakness:
            plan.warn("weak-secret", f"{path}.secret", problem=weakness)
        if secret in seen:
            plan.warn("repeated-secret", f"{path}.secret", other=seen[secret])
        seen.setdefault(secret, account.name)
    for index, box in enumerate(plan.mailboxes):
        pin = box.initial_pin.reveal().removeprefix("-") if box.initial_pin else ""
        if pin and (problem := pin_weakness(pin, box.number)):
            plan.warn("weak-pin", f"mailboxes[{index}].initial_pin", problem=problem)


def check_conflicts(plan: Plan) -> None:
    """Find what cannot work together; features have contributed already."""
    _ports(plan)
    _hosts(plan)
    _encryption(plan)
    _swallowed(plan)
    _hidden(plan)
    _emergency(plan)


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
            plan.warn("keys-in-clear", path, protocol=how.upper())
        elif how == "tls" and not encrypted:
            plan.warn("sound-in-clear", path)
    for index, trunk in enumerate(plan.trunks):
        path, secure = f"trunks[{index}]", trunk.transport == "transport-tls"
        encrypted = trunk.media_encryption == "sdes"
        if encrypted and not secure:
            how = (trunk.transport or "transport-udp").removeprefix("transport-").upper()
            plan.warn("keys-in-clear", path, protocol=how)
        elif secure and not encrypted:
            plan.warn("sound-in-clear", path)
        if secure and plan.network.tls and not plan.network.tls.authorities:
            plan.warn("certificate-unchecked", path)


def _swallowed(plan: Plan) -> None:
    """See that no name of a context answers for a context that it includes."""
    for name, number, what in plan.included:
        for claimed, owner in plan.context(name).claims.items():
            plain = claimed.partition("/")[0]
            if not claimed.endswith("(hint)") and matches(plain, number):
                plan.fault(
                    f"{number} is wanted by {what}, and {plain} of {owner.what} swallows it",
                    owner.path,
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
            plan.warn("number-hidden", f"extensions[{index}].number", number=number)


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


# -- repairs --------------------------------------------------------------------------------------


T = TypeVar("T", bound=attrs.AttrsInstance)
Home = TypeVar("Home", bound=Described)

_PLACEHOLDERS: Final = {
    "username": "change-me", "secret": "change-me-before-use", "initial_pin": "0000",
    "remote_hosts": ("provider.invalid",),
}  # fmt: skip
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


def repaired(pbx: Home, path: str) -> tuple[Home, str]:
    """Return a PBX without the fault at a path, and what was done; empty: nothing."""
    found = _STEP.match(path)
    name, index, field = found.group(1, 2, 3) if found else ("", None, None)
    placeholder = CallerID("Change Me", "+15555550100")
    if name == "features" and field:
        return _without_feature(pbx, field, path)
    if name not in ("", "owner", "features") and index is None:
        value = getattr(pbx, name)
        if field is not None:
            value = _with(value, field, getattr(type(value)(), field))
        else:
            value = attrs.fields_dict(type(pbx))[name].default
        return _with(pbx, name, value), "the default is taken"
    if index is None and name != "owner" and pbx.features is not None:
        return _with(pbx, "features", None), "the usual features are taken"
    if index is None:
        return _with(pbx, "owner", placeholder), f"{placeholder} is a placeholder"
    things = list(getattr(pbx, name) or ())
    if int(index) >= len(things):
        return pbx, ""
    thing = things[int(index)]
    if field == "context" and thing.context is None and pbx.features is not None:
        there = {type(feature) for feature in pbx.features}
        usual = _with(pbx, "features", None).effective_features()
        more = [feature for feature in usual if type(feature) not in there]
        if more:
            return _with(pbx, "features", [*pbx.features, *more]), "the usual features are added"
    things[int(index) : int(index) + 1], done = _mended(pbx, thing, field or "extra")
    return _with(pbx, name, things or attrs.fields_dict(type(pbx))[name].default), done


def _mended(
    pbx: Described, thing: attrs.AttrsInstance, field: str
) -> tuple[list[attrs.AttrsInstance], str]:
    """Return a part of a description without the fault in a field: one, or none."""
    field = {"server": "remote_hosts"}.get(field, field)
    if field == "members" and isinstance(thing, Queue):
        devices = [f"PJSIP/{extension.name}" for extension in pbx.extensions]
        members = [member for member in thing.members if member.interface in devices]
        return [_with(thing, "members", members)], "other members are left out"
    usual: Any = {f.name: f.default for f in attrs.fields(type(thing))}.get(field, attrs.NOTHING)
    if not isinstance(usual, (type(None), str, int, float, tuple)):
        usual = None if field == "number" and isinstance(thing, Extension) else attrs.NOTHING
    if field in ("extra", "codecs"):
        usual = () if field == "extra" else None
    new = _PLACEHOLDERS.get(field, usual)
    if new is attrs.NOTHING or (now := getattr(thing, field)) == new or str(now) == new:
        name = getattr(thing, "name", "") or getattr(thing, "number", "")
        return [], f"{name} is left out"
    return [_with(thing, field, new)], (
        "a placeholder stands there" if field in _PLACEHOLDERS else "the default is taken"
    )


def _without_feature(pbx: Home, name: str, path: str) -> tuple[Home, str]:
    """Return a PBX whose feature has its defaults, or without it where it has them already."""
    kind = FEATURES.get(name)
    features: list[Any] = list(pbx.effective_features())
    index = next((i for i, one in enumerate(features) if type(one) is kind), None)
    if kind is None or index is None:
        return pbx, ""
    field = path.removeprefix(f"features.{name}").lstrip(".").partition(".")[0].partition("[")[0]
    usual: Any = {f.name: f.default for f in attrs.fields(kind)}.get(field, attrs.NOTHING)
    if isinstance(usual, (type(None), str, int)) and getattr(features[index], field) != usual:
        features[index] = _with(features[index], field, usual)
        return _with(pbx, "features", features), "the default is taken"
    del features[index]
    return _with(pbx, "features", features), f"{name} is left out"


def _with(thing: T, name: str, value: object) -> T:
    """Return a thing with another value of one field."""
    changes: dict[str, Any] = {name: value}
    evolve: Callable[..., T] = attrs.evolve
    return evolve(thing, **changes)
