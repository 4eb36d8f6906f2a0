"""Pairs of small PBXs next to what the real Asterisk reports of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, settings

from asterconf import Config, diff
from tests.strategies import houses

from .rig import Asterisk, Boot

GROUPS = {"dev": 25, "ci": 60, "long": 200}[settings.get_current_profile_name()]
"""Each is a house in two styles, and an edited one; all stand in one Asterisk side by side."""
ACROSS = 4
"""Houses of other groups that each is compared with, too."""

OWN = "6001|6002|6003|carrier|spare|home|shop|alpha|beta|gamma|hints|drawn-out|parts/|default"
"""What a house calls its own: each house gets other names for it."""
SETS = {"match", "local_net", "contact", "mailboxes"}
"""Options of PJSIP that are shown as lists, in an order that means nothing."""

MODULES = """\
[modules]
autoload = yes
noload = app_voicemail_odbc.so
noload = app_voicemail_imap.so
"""

Report = dict[tuple[str, ...], Any]
House = houses.House


def visible(house: House) -> House:
    """Return a house without what no command shows: PINs, some settings of a queue, order in it.

    `ringinuse` is shown with each member.
    """
    return attrs.evolve(
        house,
        queues=tuple(
            attrs.evolve(
                queue,
                strategy="rrmemory" if queue.strategy == "linear" else queue.strategy,
                timeout=20,
                joinempty=frozenset({"paused"}),
                ringinuse=queue.ringinuse or not queue.members,
            )
            for queue in house.queues
        ),
        boxes=tuple(attrs.evolve(box, pin="1234") for box in house.boxes),
        foreign=(),
    )


def drawn() -> list[tuple[House, int, Mapping[str, str]]]:
    """Return houses with their group and their files."""
    found: list[tuple[House, int, Mapping[str, str]]] = []

    @given(houses.edited(), houses.styles, houses.styles)
    @settings(
        max_examples=GROUPS, phases=[Phase.generate], derandomize=True, database=None,
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    def draw(pair: tuple[House, House], one: int, other: int) -> None:
        group = len(found) // 3
        old, new = map(visible, pair)
        found.extend(
            (house, group, houses.files(house, style))
            for house, style in ((old, one), (old, other), (new, other))
        )

    draw()
    return found


def prefix(number: int) -> str:
    return f"h{number}x"


def install(folder: Path, number: int, files: Mapping[str, str]) -> None:
    """Put a house beside the others, every name its own."""
    mine = prefix(number)
    for name, text in files.items():
        own = re.sub(rf"(?<!\w)({OWN})", rf"{mine}\1", text)
        own = re.sub(r"(?m)^\[udp\]", f"[{mine}udp]", own)
        own = re.sub(r"(?m)^([AB])(?=\s*=)", rf"{mine}\1", own)
        bind = f"127.{number // 200 + 1}.{number % 200 + 1}.1"
        own = re.sub(r"(?<!\d)0\.0\.0\.0", bind, own)
        path = folder / re.sub(r"^parts/", f"{mine}parts/", name)
        if "/" not in name:
            path = folder / f"{mine}{name}"
            with (folder / name).open("a") as main:
                main.write(f"#include {mine}{name}\n")
        path.parent.mkdir(exist_ok=True)
        path.write_text(own)


def parameters(text: str) -> dict[str, Any]:
    """Return what a `pjsip show` command says below `ParameterName`."""
    found: dict[str, Any] = {}
    for line in text.partition("ParameterName")[2].splitlines()[1:]:
        name, colon, value = line.partition(" : ")
        name, value = name.strip(), value.strip()
        if colon and name in SETS:  # of some there is a line for each item
            found[name] = found.get(name, frozenset()) | {*re.split(r"[,\s]+", value)}
        elif colon and name != "bind" and not name.startswith("@"):  # `@`: notes of the wizard
            found[name] = value
    return found


class Reports:
    """What Asterisk shows, by house; names as every house has them."""

    def __init__(self) -> None:
        self.of: dict[int, Report] = defaultdict(dict)

    def note(self, text: str, *key: str, value: Any = "") -> None:
        """Keep something said about the house whose prefix is in `text`."""
        mine = re.search(r"(?<!\w)h(\d+)x", text)
        if mine is not None:
            self.of[int(mine[1])][tuple(map(own, key))] = own(value)


def own(value: Any) -> Any:
    """Return something said without the prefix of a house."""
    if isinstance(value, str):
        return re.sub(r"(?<![A-Za-z0-9])h\d+x", "", value)
    if isinstance(value, Mapping):
        return {name: own(said) for name, said in value.items()}
    if isinstance(value, frozenset):
        return frozenset(map(own, value))
    return value


def report(asterisk: Asterisk) -> Reports:
    """Ask Asterisk for all that it shows of all houses."""
    found = Reports()
    for kind, plural in (
        ("endpoint", "endpoints"), ("aor", "aors"), ("auth", "auths"), ("identify", "identifies"),
        ("registration", "registrations"), ("transport", "transports"),
    ):  # fmt: skip
        listed = asterisk.cli(f"pjsip list {plural}")
        for name in re.findall(r"(?m)^ *\w+: +(h\d+x[^\s/]+)", listed):
            said = parameters(asterisk.cli(f"pjsip show {kind} {name}"))
            assert said, (kind, name)
            for option, value in said.items():
                found.note(name, kind, name, option, value=value)
    dialplan(asterisk.cli("dialplan show").splitlines(), found)
    for name, value in re.findall(
        r"(?m)^ *(h\d+x[AB])=(.*)$", asterisk.cli("dialplan show globals")
    ):
        found.note(name, "global", name, value=value)
    queue = ""
    for line in asterisk.cli("queue show").splitlines():
        if head := re.match(r"(h\d+x\w+) has .*? in '(\w+)' strategy", line):
            queue = head[1]
            found.note(queue, "queue", queue, value=head[2])
        elif queue and "PJSIP/" in line:
            member = re.sub(
                r"\s*\((?:Unavailable|Invalid|Not in use|Unknown)\).*", "", line.strip()
            )
            found.note(queue, "member", queue, member)
    for event in asterisk.ami.action("VoicemailUsersList"):
        said = dict(event.headers)
        if "VoiceMailbox" in said:
            shown = {key: said[key] for key in ("Fullname", "AttachMessage", "Email", "Pager")}
            found.note(said["VMContext"], "box", said["VoiceMailbox"], value=shown)
    return found


def dialplan(lines: Iterable[str], found: Reports) -> None:
    """Keep the contexts of `dialplan show`: steps in order, without who made them and where."""
    context, at = "", 0
    for line in lines:
        if head := re.match(r"\[ Context '(h\d+x.*)' created by", line):
            context, at = head[1], 0
            found.note(context, "context", context)
        elif line.startswith(("[ Context", "-= ")):
            context = ""
        elif context and line.strip():
            at += 1
            said = " ".join(re.sub(r"\s*\[[^\]]*\]\s*$", "", line).split())
            found.note(context, "line", context, str(at), value=said)


def test_a_difference_is_what_asterisk_reports(boot: Boot, tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    all_houses = drawn()
    for name in ("pjsip.conf", "pjsip_wizard.conf", "queues.conf", "voicemail.conf"):
        (folder / name).write_text("")
    (folder / "extensions.conf").write_text("[general]\n")
    (folder / "modules.conf").write_text(MODULES)
    for number, (_, _, files) in enumerate(all_houses):
        install(folder, number, files)
    asterisk = boot(folder, hosts={"a.example": "127.0.0.9", "b.example": "127.0.0.10"})
    reports = report(asterisk).of
    configs = [Config.from_texts(files) for _, _, files in all_houses]

    random = Random(7)
    pairs = [
        (one, other)
        for one, (_, group, _) in enumerate(all_houses)
        for other, (_, there, _) in enumerate(all_houses)
        if one < other and (group == there or random.random() < ACROSS / len(all_houses))
    ]
    same = 0
    for one, other in pairs:
        found = diff(configs[one], configs[other])
        told = {
            key: (reports[one].get(key), reports[other].get(key))
            for key in reports[one].keys() | reports[other].keys()
            if reports[one].get(key) != reports[other].get(key)
        }
        assert found.is_empty == (not told), (found.to_text(details=True), told)
        same += found.is_empty
    assert same >= GROUPS
    assert len(pairs) - same >= GROUPS
