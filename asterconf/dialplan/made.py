"""What modules add to the dialplan by themselves: parking lots, users, `regcontext`.

Source: res/res_parking.c, parking_lot_cfg_create_extensions; pbx/pbx_config.c, pbx_load_users;
channels/chan_iax2.c, set_config. Checked: tests/live/test_dialplan_made.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

import attrs

from asterconf.diagnostic import Because
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep, Hint
from asterconf.language.exten import atoi, leading_number
from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.resolve.sources import OtherPlan
from asterconf.source import fold, is_true

_MOST = 10_000
"""The most parking spaces of a lot that are listed."""


def made_contexts(
    parking: Effective | None,
    users: Effective | None,
    iax: Effective | None,
    *,
    hints: Iterable[tuple[str, str, str, str]] = (),
    userscontext: str = "default",
) -> list[DialplanContext]:
    """Return the contexts that modules make or add to, each with what they add.

    Args:
        parking: the resolved res_parking.conf.
        users: the resolved users.conf.
        iax: the resolved iax.conf.
        hints: what the wizard of PJSIP adds: context, extension, priority, application.
        userscontext: the context of users, which `[general]` of extensions.conf names.
    """
    made: dict[str, dict[str, DialplanExtension]] = {}
    for context, extension in (*_lots(parking), *_users(users, userscontext), *_hints(hints)):
        made.setdefault(context, {}).setdefault(extension.name, extension)
    for section in _live(iax):
        if fold(section.name) == "general":
            for context in filter(None, section.values("regcontext")[-1:]):
                made.setdefault(context, {})  # one context, also where an `&` is in its name
    return [DialplanContext(name, tuple(found.values())) for name, found in made.items()]


def registrations(
    iax: Effective | None,
    users: Effective | None,
    pjsip: Effective | None,
    endpoints: Callable[[], Collection[str] | None],
) -> Iterator[OtherPlan]:
    """Yield where modules add an extension for each device that can be reached: `regcontext`.

    Source: channels/chan_iax2.c, register_peer_exten: the name or `regexten` of a peer.
    Observed on 22.10.1: res_pjsip adds the name of an endpoint, also where a pattern matches it.

    Args:
        iax: the resolved iax.conf.
        users: the resolved users.conf.
        pjsip: the resolved pjsip.conf.
        endpoints: gives the names of all endpoints of PJSIP; `None`: not all are known.
    """
    peers = [one for one in (*_live(iax), *_live(users)) if fold(one.name) != "general"]
    named = (value for one in peers for value in one.values("regexten"))
    names = {one.name for one in peers}.union(*(value.split("&") for value in named))
    of_iax = (one for one in _live(iax) if fold(one.name) == "general")
    of_pjsip = (one for one in _live(pjsip) if fold(one.get("type") or "") == "global")
    found: tuple[
        tuple[str, Iterator[EffectiveSection], Callable[[], Collection[str] | None]], ...
    ] = (("chan_iax2", of_iax, lambda: names), ("res_pjsip", of_pjsip, endpoints))
    for module, section, extensions in ((m, one, e) for m, every, e in found for one in every):
        lines = [line for line in section.items if fold(line.name) == "regcontext"]
        for line in lines[-1:]:
            context = line.value
            why = f"{module} adds an extension to [{context}] for each device that can be reached"
            known = extensions()
            yield OtherPlan(
                Because.at(why, line.origin),
                frozenset({context}),
                closed=True,
                extensions=None if known is None else frozenset(known),
            )


def _live(effective: Effective | None) -> Iterator[EffectiveSection]:
    return effective.live if effective is not None and effective.valid else iter(())


def _step(app: str, data: str) -> tuple[DialplanStep, ...]:
    return (DialplanStep(1, app, data),)


def _lots(parking: Effective | None) -> Iterator[tuple[str, DialplanExtension]]:
    """Yield what each parking lot with a `parkext` makes; one without makes nothing.

    Where the file has no lot `default`, there is one with the extension 700.
    """
    lots = {lot.name: lot.pairs for lot in _live(parking) if fold(lot.name) != "general"}
    if parking is not None and parking.valid and "default" not in lots:
        lots["default"] = [("parkext", "700")]
    for name, pairs in lots.items():
        last = {fold(option): value for option, value in pairs}
        extension, context = last.get("parkext", ""), last.get("context", "parkedcalls")
        first, dash, end = last.get("parkpos", "701-750").partition("-")
        if not extension or not dash:
            continue
        module = f"res_parking/{name}"
        own = is_true(last.get("parkext_exclusive", ""))
        steps = _step("Park", name if own else "")
        by = module if own else "res_parking"
        yield context, DialplanExtension(extension, None, steps, made_by=by)
        hints = is_true(last.get("parkinghints", ""))
        for space in range(atoi(first), min(atoi(end), atoi(first) + _MOST) + 1):
            hint = Hint((f"park:{space}@{context}",)) if hints else None
            steps = _step("ParkedCall", f"{name},{space}")
            yield context, DialplanExtension(str(space), None, steps, hint, made_by=module)


def _hints(
    lines: Iterable[tuple[str, str, str, str]],
) -> Iterator[tuple[str, DialplanExtension]]:
    """Yield the extensions that the wizard of PJSIP adds."""
    by = "res_pjsip_config_wizard"
    found: dict[tuple[str, str], DialplanExtension] = {}
    for context, name, priority, text in lines:
        made = found.get((context, name)) or DialplanExtension(name, made_by=by)
        if priority == "hint":
            made = attrs.evolve(made, hint=made.hint or Hint((text,)))
        elif not made.steps:
            app, _, data = text.partition("(")
            made = attrs.evolve(made, steps=_step(app, data.removesuffix(")")))
        found[context, name] = made
    yield from ((context, made) for (context, _), made in found.items())


def _users(users: Effective | None, context: str) -> Iterator[tuple[str, DialplanExtension]]:
    """Yield the extensions of users who have a device."""
    general = next((s for s in _live(users) if fold(s.name) == "general"), None)
    for user in _live(users):

        def says(option: str, user: EffectiveSection = user) -> str:
            found = user.values(option) or (general.values(option) if general is not None else ())
            return found[0] if found else ""

        devices = tuple(_devices(user.name, says("hasiax"), says("hash323"), says("dahdichan")))
        hidden = says("hasexten") and not is_true(says("hasexten"))
        if user is general or not devices or hidden:
            continue
        name, boxed = user.name, is_true(says("hasvoicemail"))
        steps = _step("Gosub", f"{name},stdexten(${{HINT}})") if boxed else _step("Dial", "${HINT}")
        hint = Hint(devices)
        yield context, DialplanExtension(name, None, steps, hint, made_by="pbx_config")
        for other in says("alternateexts").split(","):
            if other:
                steps = _step("Goto", f"{name},1")
                yield context, DialplanExtension(other, None, steps, made_by="pbx_config")


def _devices(name: str, iax: str, h323: str, channels: str) -> Iterator[str]:
    if is_true(iax):
        yield f"IAX2/{name}"
    if is_true(h323):
        yield f"H323/{name}"
    for part in channels.split(","):
        first, _, last = part.partition("-")
        start, end = leading_number(first), leading_number(last)
        if start is not None:
            yield from (f"DAHDI/{at}" for at in range(start, (start if end is None else end) + 1))
