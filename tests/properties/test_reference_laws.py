"""The index of references holds exactly what was planted, and renaming changes just that."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from asterconf.config import Config
from asterconf.references.values import Name

PLAN = "extensions.conf"
KINDS = {
    "queue": "queues.conf", "endpoint": "pjsip.conf", "aor": "pjsip.conf", "auth": "pjsip.conf",
    "mailbox": "voicemail.conf", "context": PLAN, "extension": PLAN, "label": PLAN,
    "class": "musiconhold.conf", "named_acl": "acl.conf", "parking_lot": "res_parking.conf",
    "bridge_profile": "confbridge.conf", "user_profile": "confbridge.conf",
    "menu": "confbridge.conf", "rule": "queuerules.conf", "template": "pjsip.conf",
    "zonemessages": "voicemail.conf",
}  # fmt: skip

STEPS = [
    "Queue(<queue>,t,,,20)",
    'Queue("<queue>",t)',
    "Queue(<queue>,,,,,,,<rule>)",
    "Queue(<queue>,F(<context>^<extension>^1))",
    "AddQueueMember(<queue>,PJSIP/<endpoint>)",
    "Dial(PJSIP/<endpoint>&PJSIP/<endpoint>,20,t)",
    "Dial(PJSIP/49301234@<endpoint>)",
    "Dial(PJSIP/<endpoint>/sip:1@192.0.2.1)",
    "Dial(Local/<extension>@<context>/n,10)",
    "Dial(PJSIP/<endpoint>,20,m(<class>)b(<context>^<extension>^1))",
    "Dial(PJSIP/<endpoint>,20,G(<context>^<extension>^1))",
    "Page(PJSIP/<endpoint>&PJSIP/<endpoint>,i)",
    "Originate(PJSIP/<endpoint>,exten,<context>,<extension>,1)",
    "VoiceMail(<mailbox>@default,u)",
    "VoiceMail(<mailbox>&<mailbox>@default)",
    "VoiceMailMain(<mailbox>@default,s)",
    "Goto(<context>,<extension>,1)",
    "Goto(<context>,<extension>,<label>)",
    "GotoIf($[1 > 0]?<context>,<extension>,<label>:<context>,<extension>,1)",
    "GotoIfTime(9:00-17:00,mon-fri,*,*?<context>,<extension>,1)",
    "Gosub(<context>,<extension>,1(a,b))",
    "GosubIf($[1]?<context>,<extension>,1(a):<context>,<extension>,<label>)",
    "ExecIf($[1]?Queue(<queue>):Goto(<context>,<extension>,1))",
    "Set(N=${QUEUE_MEMBER_COUNT(<queue>)})",
    "NoOp($[${QUEUE_MEMBER(<queue>,free)} + 1] ${PJSIP_ENDPOINT(<endpoint>,context)})",
    "Set(QUEUE_MEMBER(<queue>,penalty,PJSIP/<endpoint>)=1)",
    "ConfBridge(,<bridge_profile>,<user_profile>,<menu>)",
    "Park(<parking_lot>)",
    "ParkedCall(<parking_lot>,701)",
    "StartMusicOnHold(<class>)",
]
LINES = {
    PLAN: ["include => <context>", "exten => h{n},hint,PJSIP/<endpoint>&Queue:<queue>",
           "exten => h{n},hint,MWI:<mailbox>@default"],
    "queues.conf": [
        "member => PJSIP/<endpoint>,1,PJSIP/nobody,PJSIP/<endpoint>",
        "member => Local/<extension>@<context>/n", "context = <context>",
        "musicclass = <class>", "defaultrule = <rule>",
    ],
    "pjsip.conf": [
        "context = <context>", "aors = <aor>", "auth = <auth>", "acl = <named_acl>",
        "mailboxes = <mailbox>@default,<mailbox>", "moh_suggest = <class>",
        "subscribe_context = <context>",
    ],
    "confbridge.conf": ["music_on_hold_class = <class>"],
    "res_parking.conf": ["parkedmusicclass = <class>", "comebackcontext = <context>"],
    "voicemail.conf": ["tz = <zonemessages>", "exitcontext = <context>"],
}  # fmt: skip
"""Lines that name something, by the file in whose last section they stand."""

Renamed = Mapping[Name, str]


def full(kind: str, name: str, places: Mapping[str, str]) -> str:
    """Return what a name of a kind is called in full; `places` are context and extension."""
    forms = {
        "mailbox": f"{name}@default",
        "extension": f"{name}@{places['context']}",
        "label": f"{places['context']},{places['extension']},{name}",
    }
    return forms.get(kind, name)


@attrs.define
class House:
    """Files with planted names: `texts` writes them, and `planted` says where each name stands."""

    names: dict[str, list[str]]
    """By kind; of places, those with one index belong together."""
    plants: list[tuple[str, str, list[int]]]
    """Where a line stands (`step`, `variable` or a file), its template, its names by index."""
    planted: set[tuple[str, int, int, Name]] = attrs.field(factory=set)

    def texts(self, renamed: Renamed | None = None) -> dict[str, str]:
        """Return the files, names spelled anew as `renamed` says."""
        self.planted = set()
        spelled = renamed or {}
        files: dict[str, list[str]] = {file: [] for file in sorted(set(KINDS.values()))}
        for number, (where, template, chosen) in enumerate(self.plants):
            if where != "variable":
                continue
            if not files[PLAN]:
                files[PLAN].append("[globals]")
            self.put(files, PLAN, f"V{number} = {template}", chosen, spelled)
        self.define(files, spelled)
        for file in ("queues.conf", "pjsip.conf", "confbridge.conf", "voicemail.conf"):
            head = {
                "queues.conf": "[last]", "pjsip.conf": "[last](<template>)",
                "confbridge.conf": "[last]", "voicemail.conf": "[general]",
            }[file]  # fmt: skip
            self.put(files, file, head, [0], spelled)
            if file == "confbridge.conf":
                files[file].append("type = user")
        files[PLAN].append("[last]")
        for number, (where, template, chosen) in enumerate(self.plants):
            if where == "step":
                self.put(files, PLAN, f"exten => s{number},1,{template}", chosen, spelled)
            elif where == "variable":
                files[PLAN].append(f"exten => s{number},1,Queue(${{V{number}}})")
                column = len(f"exten => s{number},1,Queue(") + 1
                name = Name("queues.conf", "queue", self.name("queue", chosen[0], spelled))
                self.planted.add((PLAN, len(files[PLAN]), column, name))
            else:
                self.put(files, where, template.replace("{n}", str(number)), chosen, spelled)
        return {file: "\n".join(lines) + "\n" for file, lines in files.items()}

    def define(self, files: dict[str, list[str]], spelled: Renamed) -> None:
        """Write the sections that are named."""
        for kind, file in KINDS.items():
            for at in range(len(self.names[kind])):
                name = self.name(kind, at, spelled)
                if kind in {"extension", "label", "mailbox", "zonemessages"}:
                    continue
                if kind == "context":
                    extension, label = (self.name(k, at, spelled) for k in ("extension", "label"))
                    files[file] += [f"[{name}]", f"exten => {extension},1,NoOp()"]
                    files[file] += [f" same => n({label}),Hangup()"]
                elif kind == "template":
                    files[file] += [f"[{name}](!)", "type = endpoint"]
                else:
                    word = {"bridge_profile": "bridge", "user_profile": "user"}.get(kind, kind)
                    files[file] += (
                        [f"[{name}]", f"type = {word}"] if file in TYPED else [f"[{name}]"]
                    )
        files["voicemail.conf"] += ["[zonemessages]"]
        for at in range(len(self.names["zonemessages"])):
            zone = self.name("zonemessages", at, spelled)
            files["voicemail.conf"].append(f"{zone} = Europe/Berlin|'vm-received' Q")
        files["voicemail.conf"] += ["[default]"]
        for at in range(len(self.names["mailbox"])):
            files["voicemail.conf"].append(f"{self.name('mailbox', at, spelled)} => 1,Somebody")

    def name(self, kind: str, at: int, spelled: Renamed) -> str:
        """Return how a name is spelled now."""
        plain = self.names[kind][at % len(self.names[kind])]
        old = Name(KINDS[kind], kind, full(kind, plain, self.places(at)))
        return spelled.get(old, plain)

    def places(self, at: int) -> dict[str, str]:
        size = len(self.names["context"])
        return {kind: self.names[kind][at % size] for kind in ("context", "extension")}

    def put(
        self, files: dict[str, list[str]], file: str, line: str, chosen: list[int],
        spelled: Renamed,
    ) -> None:  # fmt: skip
        """Write a line, and note where its names stand."""
        parts, made = re.split(r"<(\w+)>", line), ""
        counts: dict[str, int] = {}
        for text, kind in zip(parts[::2], [*parts[1::2], ""], strict=True):
            made += text
            if not kind:
                continue
            place = kind in {"context", "extension", "label"}
            number = 0 if place else counts.get(kind, 0)
            counts[kind] = number + 1
            at = chosen[number % len(chosen)]
            name = self.name(kind, at, spelled)
            size = len(self.names["context"])
            where = {k: self.name(k, at % size, spelled) for k in ("context", "extension")}
            target = Name(KINDS[kind], kind, full(kind, name, where))
            self.planted.add((file, len(files[file]) + 1, len(made) + 1, target))
            made += name
        files[file].append(made)


FEWER = max(20, settings.get_profile(settings.get_current_profile_name()).max_examples // 4)
TYPED = {"pjsip.conf", "confbridge.conf"}
WORD = st.from_regex(r"[a-z][a-z0-9]{2,6}", fullmatch=True)
NUMBER = st.integers(100, 99_999).map(str)


@st.composite
def houses(draw: st.DrawFn) -> House:
    """Draw names of every kind, and lines that name them."""
    texts = draw(st.lists(WORD, min_size=40, max_size=40, unique=True))
    numbers = draw(st.lists(NUMBER, min_size=6, max_size=6, unique=True))
    assert set(texts).isdisjoint({"last", "general"} | set(numbers))
    size = draw(st.integers(1, 2))
    names = {
        kind: [numbers.pop() if kind in {"mailbox", "extension"} else f"x{texts.pop()}"
               for _ in range(size)]
        for kind in KINDS
    }  # fmt: skip
    where = st.sampled_from([("step", one) for one in STEPS] + [("variable", "<queue>")] + [
        (file, one) for file, lines in LINES.items() for one in lines
    ])  # fmt: skip
    plants: list[tuple[str, str, list[int]]] = []
    for place, template in draw(st.lists(where, min_size=1, max_size=12)):
        chosen = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=2))
        if place not in {"step", "variable"} and re.match(r"\w+ = ", template):
            name = template.partition(" = ")[0]  # of several such lines only one counts
            if any(other.startswith(f"{name} = ") and p == place for p, other, _ in plants):
                continue
        if template in {one for p, one, _ in plants if p == PLAN}:
            continue  # Asterisk drops a second include of one context
        plants.append((place, template, chosen))
    return House(names, plants)


def found(conf: Config) -> set[tuple[str, int, int, Name]]:
    return {
        (one.place.file, one.place.line, one.place.column, one.target)
        for one in conf.references
        if one.by != "template" or one.target.kind == "template"
    }


@given(houses())
def test_the_index_holds_exactly_what_was_planted(house: House) -> None:
    conf = Config.from_texts(house.texts())
    assert found(conf) == house.planted
    assert all(one.certain for one in conf.references)
    assert [str(one) for one in conf.references.missing()] == []
    for _, _, _, name in house.planted:
        places = {(o.place.file, o.place.line, o.place.column) for o in conf.references.to(name)}
        assert places == {(f, n, c) for f, n, c, target in house.planted if target == name}


@settings(
    max_examples=max(
        20, settings.get_profile(settings.get_current_profile_name()).max_examples // 4
    )
)
@given(houses(), st.data())
def test_a_renaming_changes_the_planted_places_and_nothing_else(
    house: House, data: st.DataObject
) -> None:
    texts = house.texts()
    names = sorted({name for _, _, _, name in house.planted})
    old = data.draw(st.sampled_from(names))
    to = "99" if old.kind in {"mailbox", "extension"} else "renamed"
    conf = Config.from_texts(texts)
    conf.rename(old, to).apply()
    expected = house.texts({old: to})
    assert {name: str(conf[name]) for name in texts} == expected
    assert found(Config.from_texts(expected)) == house.planted
