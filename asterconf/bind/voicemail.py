"""voicemail.conf → mailboxes."""

from __future__ import annotations

from typing import TypeAlias

from asterconf.codes import OBJECTS
from asterconf.diagnostic import Diagnostic
from asterconf.model.voicemail import Mailbox
from asterconf.resolve.bound import (
    Bound,
    BoundObjects,
    FieldPlaces,
    ItemPlace,
    ObjectDraft,
)
from asterconf.resolve.effective import Effective, cache_of
from asterconf.source import fold, is_true

Line: TypeAlias = tuple[str, str, str]
"""Section, name and value of a line."""


def read_mailboxes(effective: Effective | None) -> BoundObjects[Mailbox]:
    """Return the mailboxes of voicemail.conf by address, such as `6000@default`.

    Every line of a section is a mailbox, except in `[general]`, `[zonemessages]` and the section
    of aliases. All fields of a mailbox have the place of its line.

    Source: apps/app_voicemail.c, actual_load_config and append_mailbox.
    """
    sections = effective.sections if effective is not None and effective.valid else ()
    cache = cache_of(effective)
    live = [section for section in sections if not section.template]
    others = {"general", "zonemessages", _aliases(effective)}
    boxes: dict[str, Bound[Mailbox]] = {}
    first: dict[tuple[str, str], ItemPlace] = {}
    diagnostics: list[Diagnostic] = []
    known: dict[Line, Bound[Mailbox]] = cache.objects.get("mailboxes", {}) if cache else {}
    made: dict[Line, Bound[Mailbox]] = {}
    for section in live:
        if fold(section.name) in others:
            continue
        for index, (name, value) in enumerate(section.pairs):
            key, spot = (name, fold(section.name)), ItemPlace(section, index)
            address = f"{name}@{section.name}"
            if name.startswith("*"):
                diagnostics.append(OBJECTS["star-name"].at(spot.position, name=address))
                continue
            if key in first:
                related = [(first[key].position, "the first one")]
                rule = OBJECTS["mailbox-twice"]
                diagnostics.append(rule.at(spot.position, related, name=address))
                continue
            first[key] = spot
            line, count = (section.name, name, value), len(diagnostics)
            bound = known.get(line)
            if bound is not None:
                bound = _moved(bound, spot)
            else:
                bound = _mailbox(section.name, name, value, spot, diagnostics)
            if bound is not None:
                boxes[address] = bound
                if len(diagnostics) == count:
                    made[line] = bound
    if cache is not None:
        cache.objects["mailboxes"] = made
    return BoundObjects(boxes, tuple(diagnostics))


def read_user_boxes(
    users: Effective | None, voicemail: Effective | None
) -> dict[str, Bound[Mailbox]]:
    """Return the mailboxes of users.conf by address: of users who have voicemail.

    Source: apps/app_voicemail.c, actual_load_config. Observed with `voicemail show users`.
    """
    live = [*users.live] if users is not None and users.valid else []
    general = next((section for section in live if fold(section.name) == "general"), None)
    context = voicemail.setting("general", "userscontext") if voicemail is not None else None
    made: dict[str, Bound[Mailbox]] = {}
    for section in live if voicemail is not None and voicemail.valid else ():
        says = section.values("hasvoicemail") or (general.values("hasvoicemail") if general else ())
        lost = section is general or section.name.startswith("*")
        if lost or not is_true(says[0] if says else ""):
            continue
        draft = ObjectDraft(section.name, ItemPlace(section))
        draft.put("context", context or "default")
        options = (("initial_pin", "secret"), ("initial_pin", "vmsecret"), ("name", "fullname"),
                   ("email", "email"), ("pager", "pager"))  # fmt: skip
        for field, option in options:
            if value := next(iter(section.values(option)), ""):
                draft.put(field, value)
        if (bound := draft.build(Mailbox, "mailbox", [])) is not None:
            made[bound.obj.address] = bound
    return made


def _moved(bound: Bound[Mailbox], spot: ItemPlace) -> Bound[Mailbox]:
    """Return a mailbox with the new place of its line, which has the same text as before."""
    assert isinstance(bound.places, FieldPlaces)
    places = bound.places.moved(spot)
    return bound if places is bound.places else Bound(bound.obj, places)


def _aliases(effective: Effective | None) -> str:
    """Return the name of the section that holds aliases, which the first `[general]` sets."""
    found = effective.setting("general", "aliasescontext") if effective is not None else None
    return fold(found) if found else "general"


def _mailbox(
    context: str, number: str, text: str, spot: ItemPlace, diagnostics: list[Diagnostic]
) -> Bound[Mailbox] | None:
    draft = ObjectDraft(number, spot)
    draft.put("context", context)
    pin, name, email, pager, options = (*text.split(",", 4), "", "", "", "", "")[:5]
    texts = {"initial_pin": pin, "name": name, "email": email, "pager": pager}
    for field, value in texts.items():
        if value:
            draft.put(field, value, spot)
    if pin.startswith("*"):
        diagnostics.append(OBJECTS["star-pin"].at(spot.position, name=number))
    kept = []
    for option in options.split("|"):
        if "=" in option:
            kept.append(option)
        elif option.strip(" ,"):
            rule = OBJECTS["option-lost"]
            diagnostics.append(rule.at(spot.position, name=number, text=option))
    if kept:
        draft.put("options", tuple(kept), spot)
    return draft.build(Mailbox, "mailbox", diagnostics)
