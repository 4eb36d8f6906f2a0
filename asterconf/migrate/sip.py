"""sip.conf → pjsip.conf: every option, peer, registration and setting of chan_sip.

The values are those that chan_sip holds, with `[general]`, templates and its defaults applied:
`bind.chan_sip`, recorded on 16.28.0. What is said of each line is in `sip_table`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from asterconf._lazy import LazyModule
from asterconf.bind.chan_sip import read_auth
from asterconf.editing.editor import Editor
from asterconf.errors import ConflictError, EditError
from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import LineRef
from asterconf.migrate.plan import Draft, Style, codemod, files_of, options_of
from asterconf.migrate.sip_general import write_registration, write_settings, write_transports
from asterconf.migrate.sip_lines import judge_lines, write_files
from asterconf.migrate.sip_peer import write_guest, write_peer
from asterconf.migrate.sip_section import MovedSection, SipDraft, has_password
from asterconf.migrate.sip_table import sip_option, taken, verdict
from asterconf.resolve.effective import Effective, EffectiveItem, EffectiveSection
from asterconf.source import Position, fold, printable
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.editing import verbs
else:
    verbs = LazyModule("asterconf.editing.verbs")


def _realtime(draft: Draft) -> None:
    """Say of what is in a database that it stays."""
    for ref, part, node in options_of(draft.workspace, "extconfig.conf"):
        why = facts("sip")["realtime"].get(fold(node.name))
        if why and fold(part.name) == "settings":
            database = ",".join(node.value.split(",")[:2])
            draft.tell(ref, node, "left", why.format(database=database), text=str(node).strip())


def _run(draft: Draft, style: Style) -> None:
    _realtime(draft)
    reading = draft.workspace.resolve("sip.conf")
    if reading is None:
        return
    made, says = _begun(draft, reading)
    for bound in made.sip.peers.values():
        write_peer(made, bound.obj, bound.where("") or made.header)
    for registered in made.sip.registrations:
        write_registration(made, registered.obj, registered.where("") or made.header)
    if made.sip.peers or made.sip.registrations or says:
        write_guest(made)
        write_settings(made)
        write_transports(made)
    _refuse_taken(draft.workspace, made.sections)
    moved = judge_lines(draft, made)
    if style != "wizard":
        _share(made)
    write_files(draft, made, moved)
    if style == "wizard":
        _fold(draft)


def _begun(draft: Draft, reading: Effective) -> tuple[SipDraft, bool]:
    """Read `[general]` and `[authentication]`.

    Returns:
        The beginning, and whether `[general]` holds an option that becomes one of PJSIP.
    """
    first: dict[str, EffectiveSection] = {}
    for part in reading.live:
        first.setdefault(fold(part.name), part)
    section = first.get("general")
    pairs = section.pairs if section is not None else []
    values: dict[str, str] = {}
    for name, text in pairs:
        if (value := taken(name, text)) is not None:
            row = sip_option(name)
            key = (row.alias if row is not None else "") or fold(name)
            old = values.get(key)
            values[key] = f"{old}\0{value}" if old and key == "localnet" else value
    header = section.position if section is not None else Position(reading.name, 1)
    made = SipDraft(draft.workspace, draft.workspace.chan_sip, values, header)
    made.codec_lines += ((fold(name), value) for name, value in pairs)
    for part in reading.live:
        if fold(part.name) in ("general", "authentication") and first[fold(part.name)] is not part:
            read = {ref for item in first[fold(part.name)].items for ref in _refs(item)}
            for ref in (ref for item in part.items for ref in _refs(item) if ref not in read):
                made.idle[ref] = f"chan_sip reads the first [{fold(part.name)}] alone"
    if "authentication" in first:
        part = first["authentication"]
        _read_logins(made, part)
        for name, login in made.common():
            made.login(name, "", login, part.position)
    says = any(sip_option(n) is not None and verdict(n, v)[0] != "left" for n, v in pairs)
    return made, says


def _refs(item: EffectiveItem) -> Iterable[LineRef]:
    return ((file, option.line) for option, file in item.parts)


def _read_logins(made: SipDraft, part: EffectiveSection) -> None:
    """Keep the first login of each realm that has a password."""
    realms = set[str]()
    for item in part.items:
        login = read_auth(item.value) if fold(item.name) == "auth" else None
        if login is None or not has_password(login):
            continue
        if fold(login.realm) in realms:
            made.idle |= dict.fromkeys(_refs(item), "chan_sip sends the first login of a realm")
            continue
        realms.add(fold(login.realm))
        made.logins.append(login)


def _share(made: SipDraft) -> None:
    """Let sections that had a template have one again, with what all of them say alike."""
    groups: dict[tuple[str, str], list[MovedSection]] = {}
    templates = {
        fold(part.name): part.inherits[0]
        for name in files_of(made.workspace, "sip.conf")
        for part in made.workspace.files.documents[name].parts
        if part.headed and part.inherits and not part.template
    }
    for one in made.sections:
        template = templates.get(fold(one.name))
        if template is not None and one.kind in {"endpoint", "aor"}:
            groups.setdefault((template, one.kind), []).append(one)
    for (template, kind), found in groups.items():
        mine = found[0].pairs
        common = [
            pair
            for pair in mine
            if pair[0] not in _IN_ORDER
            and all(mine.count(pair) == one.pairs.count(pair) for one in found)
        ]
        if len(found) < 2 or not common:
            continue
        shared = MovedSection(made.named(template, f"-{kind}"), kind, found[0].place, common,
                              template="!")  # fmt: skip
        made.sections.insert(made.sections.index(found[0]), shared)
        for one in found:
            one.template = shared.name
            one.pairs = [pair for pair in one.pairs if pair not in common]


_IN_ORDER = {"permit", "deny", "contact_permit", "contact_deny", "set_var"}
"""Options of which the order of all lines counts."""


def _refuse_taken(workspace: Workspace, sections: Iterable[MovedSection]) -> None:
    """Raise if a new section has the name of one of its kind that is there.

    Raises:
        ConflictError: it has; the message has both places.
    """
    taken: dict[tuple[str, str], Position] = {}
    for name in ("pjsip.conf", "pjsip_wizard.conf"):
        reading = workspace.resolve(name)
        for one in reading.live if reading is not None and reading.valid else ():
            kind = one.kind.name if one.kind is not None else ""
            kind = "endpoint" if kind == "wizard" else kind
            taken[kind, one.name] = one.position
    found = [
        f"{one.place}: [{printable(one.name)}] would become the {one.kind} that is at "
        f"{taken[one.kind, one.name]} already"
        for one in sections
        if (one.kind, one.name) in taken
    ]
    if found:
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        advice = "rename what pjsip.conf has, or leave out the codemod sip"
        raise ConflictError(f"{'; '.join(found[:3])}{more}: {advice}", found)


def _fold(draft: Draft) -> None:
    """Write as wizard sections what a wizard can say."""
    draft.make()
    editor = Editor(draft.workspace)
    names = [*draft.workspace.pjsip.extensions, *draft.workspace.pjsip.trunks]
    for name in names:
        pjsip = draft.workspace.pjsip
        bound = pjsip.extensions.get(name) or pjsip.trunks.get(name)
        if bound is None or name == "anonymous":
            continue
        try:
            verbs.restyle(editor, bound.obj, "wizard")
        except EditError as error:
            place = Position("pjsip.conf", 1)
            draft.say(place, name, "exact", f"it stays in pjsip.conf: {error}")


SIP = codemod("sip", _run)
