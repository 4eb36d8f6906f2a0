"""Laws of reading after an edit: what was not touched is taken over, and nothing tells so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import asterconf
from asterconf.bind.pjsip import EndpointRecord
from asterconf.editing.editor import Editor
from asterconf.errors import AsterconfError
from asterconf.model import Extension, Mailbox, Queue, QueueMember, Trunk
from asterconf.model.values import CallerID
from asterconf.syntax.text import mark_changed
from tests.strategies.configs import houses

MANY = settings.default.max_examples if settings.default else 100
HALF = settings(max_examples=MANY // 2)

NAMES = st.sampled_from(["a", "A", "b", "t", "general", "default"])
ENTRIES = st.sampled_from([
    "", "", "(!)", "(t)", "(a)", "(+)", "(!,t)", "(t,a)", "(t,+a)", "(+TYPE=x)",
])  # fmt: skip
LINES = st.sampled_from([
    "type=endpoint", "type=aor", "type=auth", "type=registration", "type=identify", "type=wizard",
    "type=transport", "aors=a", "auth=a,b", "outbound_auth=b", "endpoint=a", "contact=sip:h",
    "max_contacts=1", "username=u", "server_uri=sip:h", "match=h", "context=x", "context += y",
    "accepts_registrations=yes", "accepts_auth=yes", "inbound_auth/username=u", "sends_auth=yes",
    "sends_registrations=yes", "remote_hosts=h,i", "outbound_auth/username=u", "endpoint/context=c",
    "has_hint=yes", "hint_exten=55", "callerid=x <5>", "strategy=ringall", "strategy=linear",
    "member => PJSIP/a", "member => PJSIP/a,1", "member => ,2", "timeout=5", "100 => 1,x",
    "100 => 2,y", "b => 3,z,,,no", "aliasescontext=b", "; about", ";-- in", "out --;", "", "[", "x",
    "#include more.conf", "#tryinclude none.conf", "\ufeffx=1",
])  # fmt: skip


@st.composite
def sections(draw: st.DrawFn) -> str:
    lines = draw(st.lists(LINES, max_size=5))
    header = f"[{draw(NAMES)}]{draw(ENTRIES)}"
    return "".join(f"{line}\n" for line in [header, *lines])


def texts_of(draw: st.DrawFn) -> dict[str, str]:
    names = ("pjsip.conf", "pjsip_wizard.conf", "queues.conf", "voicemail.conf", "more.conf")
    head = st.lists(LINES, max_size=1).map(lambda lines: "".join(f"{line}\n" for line in lines))
    made = {}
    for name in names:
        made[name] = draw(head) + "".join(draw(st.lists(sections(), max_size=4)))
    dial = "exten => 55,1,Dial(PJSIP/a)\n"
    return {**made, "extensions.conf": f"[x]\n{dial}"}


def told(conf: asterconf.Config) -> dict[str, Any]:
    """Return all that a configuration tells of its files, places included."""
    found: dict[str, Any] = {}
    for name in conf.files:
        effective = conf.effective(name)
        rows = []
        for s in effective.sections:
            items = [(i.name, i.value, i.origin, i.way, i.chain) for i in s.items]
            kind = s.kind.name if s.kind is not None else None
            rows.append((s.name, s.position, s.template, s.inherits, kind, s.pairs, items))
        said = (effective.valid, effective.diagnostics, effective.logged)
        found[name] = (said, rows, [[s.name for s in effective.all(n)] for n in "abt"])
        starts = [effective.line_start(name, 1)]
        found[f"{name} starts"] = starts
    editor = Editor(conf.workspace)
    classes: tuple[type, ...] = (EndpointRecord, Extension, Trunk, Queue, Mailbox)
    for cls in classes:
        bounds = editor.found(cls).items()
        found[cls.__name__] = [(n, b.obj, dict(b.places), repr(b.obj)) for n, b in bounds]
    for kind_name in ("transport", "auth", "endpoint"):
        objects = conf.objects("pjsip.conf", kind_name)
        found[kind_name] = list(objects.items())
    found["wizard"] = list(conf.objects("pjsip_wizard.conf", "wizard").items())
    found["said"] = (conf.diagnostics, conf.object_diagnostics)
    return found


def fresh(conf: asterconf.Config) -> dict[str, Any]:
    return told(asterconf.Config.from_texts({name: bytes(conf[name]) for name in conf.files}))


def reread(conf: asterconf.Config) -> None:
    """Read all files again and again: the first time nothing is taken over, then everything."""
    for _ in range(2):
        for name in conf.files:
            mark_changed(conf[name])
        assert told(conf) == fresh(conf)


def edit_text(draw: st.DrawFn, conf: asterconf.Config) -> None:
    """Make one edit of the text of one document."""
    files = sorted(conf.files)
    document = conf[draw(st.sampled_from(["pjsip.conf", *files]))]
    parts, what = document.sections, draw(st.integers(0, 6))
    part = draw(st.sampled_from(parts)) if parts else None
    if what == 0 or part is None:
        document.insert_section(draw(sections()), after=part)
    elif what == 1:
        document.remove_section(part)
    elif what == 2:
        document.move_section(part, before=draw(st.sampled_from(parts)))
    elif what == 3:
        name, _, value = draw(LINES.filter(lambda line: "=" in line)).partition("=")
        part.add(name.strip(" +"), value.strip("> "))
    elif what == 4 and part.options:
        option = draw(st.sampled_from(part.options))
        part.remove(option)
    elif what == 5:
        part.name = draw(NAMES)
    elif what == 6:
        part.add_comment("two\nlines")


@HALF
@given(st.data())
def test_after_any_edits_a_configuration_tells_what_a_fresh_one_does(data: Any) -> None:
    draw: Any = data.draw
    conf = asterconf.Config.from_texts(texts_of(draw))
    reread(conf)
    for _ in range(draw(st.integers(1, 6))):
        with suppress(AsterconfError):
            edit_text(draw, conf)
        assert told(conf) == fresh(conf)


@HALF
@given(st.data())
def test_who_holds_a_line_is_found_as_by_asking_every_section(data: Any) -> None:
    draw: Any = data.draw
    conf = asterconf.Config.from_texts(texts_of(draw))
    editor = Editor(conf.workspace)
    for _ in range(2):
        every = [one for read in conf.workspace.whole_readings() for one in read.sections]
        for name in conf.files:
            for line in range(1, str(conf[name]).count("\n") + 1):
                found = list(editor.users((name, line)))
                assert len(set(found)) == len(found)
                assert set(found) == {one for one in every if one.holds(name, line)}
        with suppress(AsterconfError):
            edit_text(draw, conf)


def verb(draw: st.DrawFn, conf: asterconf.Config) -> None:
    """Do one thing to one object."""
    new = draw(st.sampled_from(["n1", "n2", "n3"]))
    found: list[Any] = [*conf.extensions.values(), *conf.trunks.values(), *conf.queues.values()]
    found += conf.mailboxes.values()
    obj = draw(st.sampled_from(found)) if found else Queue(new)
    what = draw(st.integers(0, 5))
    if what == 0:
        conf.put(Extension(new, callerid=CallerID("N", new), secret="x", max_contacts=1))
    elif what == 1:
        conf.add(draw(st.sampled_from([
            Queue(new), Mailbox("77"), Trunk(new, remote_hosts=("h",), match=("h",)),
        ])))  # fmt: skip
    elif what == 2:
        conf.remove(obj)
    elif what == 3:
        conf.rename(obj, draw(st.sampled_from(["n1", "n4", "78"]))).apply()
    elif isinstance(obj, Queue):
        conf.update(obj, members=(*obj.members, QueueMember(f"PJSIP/{new}")), timeout=what)
    elif isinstance(obj, Mailbox):
        conf.update(obj, name=new)
    else:
        conf.update(obj, context=draw(st.sampled_from(["x", None])), codecs=("ulaw", "alaw"))


@HALF
@given(houses, st.data())
def test_after_any_verbs_a_configuration_tells_what_a_fresh_one_does(
    before: dict[str, str], data: Any
) -> None:
    conf = asterconf.Config.from_texts(before)
    reread(conf)
    for _ in range(data.draw(st.integers(1, 5))):
        with suppress(AsterconfError):
            verb(data.draw, conf)
        assert told(conf) == fresh(conf)
