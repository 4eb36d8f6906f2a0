"""Configurations of strangers become descriptions that build."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import asterconf
from asterconf.errors import AsterconfError, LoadError
from asterconf.home import Adoption, HomePBX
from asterconf.language.pattern import Pattern
from asterconf.source import Severity
from tests.strategies.homes import ending

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
TREES = sorted(
    {
        path.parent
        for part in ("asterisk-samples", "public")
        for path in (CORPUS / part).rglob("pjsip.conf")
    }
)


@cache
def adopted(tree: Path) -> tuple[asterconf.Config, Adoption]:
    conf = asterconf.load(tree)
    return conf, HomePBX.adopt(conf).buildable()


@pytest.mark.skipif(not TREES, reason="the corpus is not here")
@pytest.mark.parametrize("tree", TREES, ids=[path.as_posix()[-40:] for path in TREES])
def test_a_strangers_configuration_gives_a_description_that_builds(tree: Path) -> None:
    conf, adoption = adopted(tree)
    text = adoption.to_toml(reveal=True)
    pbx = HomePBX.from_toml(text)
    assert [f for f in pbx.check(toml=text) if f.severity is Severity.ERROR] == []
    counts = [len(pbx.extensions), len(pbx.trunks), len(pbx.mailboxes), len(pbx.queues or ())]
    boxes = [box for box in conf.mailboxes.values() if box.number.isdigit()]  # can be dialled
    there = [len(conf.extensions), len(conf.trunks), len(boxes), len(conf.queues)]
    assert counts == there


@pytest.mark.skipif(not TREES, reason="the corpus is not here")
@pytest.mark.parametrize("tree", TREES, ids=[path.as_posix()[-40:] for path in TREES])
def test_each_call_that_a_description_ends_otherwise_is_named(tree: Path) -> None:
    conf, adoption = adopted(tree)
    built = adoption.pbx.build(complete=True)
    left = " ".join(map(str, adoption.leftovers))
    assumed = set(re.split(r"[\s,;:]+", " ".join(adoption.assumed)))
    keys = [Pattern(extension.name) for context in conf.dialplan for extension in context]
    numbers = [key.intersection(key) or str(key) for key in keys]
    numbers = sorted({n for n in numbers if re.fullmatch(r"[+*#0-9]+", n)})[:60]
    numbers += ["911", "112", "+15552345678", "2345678", "5552345678"]
    phones = [name for name in conf.extensions if conf.endpoints[name].in_force][:2]
    for phone in phones if loads(conf) else ():
        for number in numbers:
            if ending(conf, number, phone) == ending(built, number, phone):
                continue
            theirs, ours = (one.call(number, entry=phone).steps for one in (conf, built))
            lines = [f"[{step.holder}] {step.key},{step.priority}," for step in theirs]
            words = {number, *(step.key for step in (*theirs, *ours[:1]))}
            assert any(line in left for line in lines) or words & assumed, (phone, number)


def loads(conf: asterconf.Config) -> bool:
    """Tell whether Asterisk has a dialplan of these files."""
    try:
        conf.call("1", entry="context:default")
    except LoadError:
        return False
    except AsterconfError:
        pass
    return True


def test_what_had_to_be_changed_is_said() -> None:
    texts = {
        "pjsip.conf": "[t]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
        "[6001]\ntype=endpoint\ncontext=phones\naors=6001\nauth=6001\nallow=ulaw\n"
        "[6001]\ntype=auth\nusername=6001\npassword=s3cret\n[6001]\ntype=aor\nmax_contacts=1\n",
        "extensions.conf": "[phones]\nexten => 1,1,Echo()\n",
    }
    adoption = HomePBX.adopt(asterconf.Config.from_texts(texts))
    assert adoption.pbx.plan().faults
    better = adoption.buildable()
    assert not better.pbx.plan().faults
    assert [extension.name for extension in better.pbx.extensions] == ["6001"]
    notes = [note for note in better.assumed if note not in adoption.assumed]
    assert any(note.startswith("owner: ") and "placeholder" in note for note in notes)
    assert any(note.startswith("extensions[0].context: ") for note in notes)
    assert better.buildable() == better
