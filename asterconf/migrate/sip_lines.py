"""What is said of each line of sip.conf, and which lines leave it."""

from __future__ import annotations

from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import LineRef, Outcome
from asterconf.migrate.plan import Draft, files_of, lines_of, options_of
from asterconf.migrate.sip_section import SipDraft
from asterconf.migrate.sip_table import sip_option, verdict
from asterconf.secrets import shown_value, shown_words
from asterconf.source import Position, fold
from asterconf.syntax import Directive, Document, ErrorLine, Option, Section
from asterconf.syntax.document import rewrite
from asterconf.syntax.inspect import cut_name

_ORDER = ("global", "system", "transport")
_OF_USERS = {"hassip", "registersip"}
"""Options of users.conf that only chan_sip looks at."""


def judge_lines(draft: Draft, made: SipDraft) -> set[LineRef]:
    """Say what becomes of every line of sip.conf, and of the lines of users.conf about it.

    Returns:
        The lines that leave sip.conf: what they say is said elsewhere, or was nothing.
    """
    moved, last, word = set[LineRef](), None, ""
    for ref, section, node in lines_of(draft.workspace, "sip.conf"):
        if section is not last:
            last, word = section, _word(made, section)
        if isinstance(node, Option):
            text = f"{node.name}={shown_value('sip.conf', section.name, node.name, node.value)}"
            outcome, why, becomes = _option(made, word, ref, node)
            if outcome != "left":
                moved.add(ref)
            draft.tell(ref, node, outcome, why, becomes, text)
            continue
        if isinstance(node, Directive | ErrorLine):
            kind = fold(node.word) if isinstance(node, Directive) else ""
            found = facts("sip")["directives"]
            (outcome, why), becomes = found.get(kind, found["include"]), ""
            text = shown_words(str(node).strip())
        else:
            outcome, why, becomes = facts("sip")["sections"][word]
            outcome, why = made.peers.get(fold(cut_name(section.name)), (outcome, why))
            text = f"[{section.name}]"
        draft.say(Position(*ref), text, outcome, why, becomes)
    _judge_users(draft, made)
    return moved


def _judge_users(draft: Draft, made: SipDraft) -> None:
    """Say what becomes of the lines of users.conf that chan_sip read; others read them, too."""
    files = {*files_of(draft.workspace, "users.conf")}
    places = ((fold(name), bound.where("")) for name, bound in made.sip.peers.items())
    peers = {name for name, place in places if place is not None and place.file in files}
    for ref, section, node in options_of(draft.workspace, "users.conf"):
        name = fold(cut_name(section.name))
        if fold(node.name) in _OF_USERS:
            said = made.peers.get(name, ("exact", "it is said of each section"))
            draft.tell(ref, node, *said, "endpoint.type")
            draft.drop(ref)
        elif name in peers and sip_option(node.name) is not None:
            text = f"{node.name}={shown_value('users.conf', section.name, node.name, node.value)}"
            outcome, why, becomes = _option(made, "peer", ref, node)
            draft.tell(ref, node, outcome, why, becomes, text)


def _option(made: SipDraft, word: str, ref: LineRef, node: Option) -> tuple[Outcome, str, str]:
    """Return what becomes of an option, the reason, and what it becomes."""
    row = sip_option(node.name)
    if word == "other":
        outcome, why, _ = facts("sip")["sections"][word]
        return outcome, why, ""
    idle = made.idle.get(ref, "")
    if row is None:
        idle = "chan_sip does not know it"
    elif row.where == ("p" if word == "general" else "g") and word != "template":
        idle = "chan_sip does not read it here"
    if row is None or idle:
        return "exact", f"{idle}: it had no effect", ""
    outcome, why = made.lines.get(ref) or verdict(node.name, node.value)
    return outcome, why, ", ".join(row.to) if outcome != "left" else ""


def _word(made: SipDraft, section: Section) -> str:
    """Return what a section of sip.conf is to chan_sip."""
    name = fold(cut_name(section.name))
    if name in {"general", "authentication"}:
        return name
    if section.template:
        return "template"
    return "peer" if name in made.peers or not section.headed else "other"


def write_files(draft: Draft, made: SipDraft, moved: set[LineRef]) -> None:
    """Take out of sip.conf what moved, with its comments, and write pjsip.conf."""
    workspace = made.workspace
    notes: dict[str, list[str]] = {}
    for name in files_of(workspace, "sip.conf"):
        document = workspace.files.documents[name]
        gone: list[tuple[Section, str]] = []
        for section in reversed(list(document.parts)):  # what goes moves only what is below
            if _word(made, section) == "other":
                continue
            mine = [one for one in section.options if (name, one.line) in moved]
            if len(mine) == len(section.options) and section.headed and not section.directives:
                gone.append((section, document.section_text(section)))
                starts = (line.lstrip() for line in gone[-1][1].splitlines())
                kept = [line for line in starts if line[:1] == ";" and ";--" not in line]
                key = fold(cut_name(section.name))
                notes[key] = kept + notes.pop(key, [])
            else:
                for option in reversed(mine):
                    section.remove(option)
        _remove(document, gone)
    for one in made.sections:
        if one.kind == "endpoint":
            name = fold(one.name)
            name = name.removesuffix("-endpoint") if one.template == "!" else name
            one.comments += notes.pop(name, [])
    rest = [line for lines in reversed(notes.values()) for line in lines]
    if rest and made.sections:
        made.sections[0].comments[:0] = rest
    for one in sorted(made.sections, key=lambda s: _ORDER.index(s.kind) if s.kind in _ORDER else 9):
        draft.append("pjsip.conf", one.text)


def _remove(document: Document, parts: list[tuple[Section, str]]) -> None:
    """Remove sections, each with its text, and what other sections inherit from them."""
    sections = {one for one, _ in parts}
    names = {fold(one.name) for one in sections if one.template}
    for section in document.sections:
        kept = [one for one in section.inherits if fold(one) not in names]
        if len(kept) != len(section.inherits) and section not in sections:
            section.inherit(*kept, elsewhere=True)
    lines, gone = str(document).split("\n"), set[int]()
    for section, text in parts:  # one by one they would be counted anew each time
        lead = text.split("\n").index(section.text.split("\n", 1)[0])
        start = section.line - 1 - lead
        gone.update(range(start, start + text.count("\n") + (not text.endswith("\n"))))
    if gone:
        kept = [line for at, line in enumerate(lines) if at not in gone]
        while len(kept) > 1 and len(lines) - 2 in gone and not kept[-1] and not kept[-2].strip():
            del kept[-1]  # the gap before what stood last goes along
        rewrite(document, "\n".join(kept))
