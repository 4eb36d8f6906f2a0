"""Configurations of strangers become descriptions that build."""

from __future__ import annotations

from pathlib import Path

import pytest

import asterconf
from asterconf.home import HomePBX
from asterconf.source import Severity

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
TREES = sorted(
    {
        path.parent
        for part in ("asterisk-samples", "public")
        for path in (CORPUS / part).rglob("pjsip.conf")
    }
)


@pytest.mark.skipif(not TREES, reason="the corpus is not here")
@pytest.mark.parametrize("tree", TREES, ids=[path.as_posix()[-40:] for path in TREES])
def test_a_strangers_configuration_gives_a_description_that_builds(tree: Path) -> None:
    conf = asterconf.load(tree)
    text = HomePBX.adopt(conf).buildable().to_toml(reveal=True)
    pbx = HomePBX.from_toml(text)
    assert [f for f in pbx.check(toml=text) if f.severity is Severity.ERROR] == []
    counts = [len(pbx.extensions), len(pbx.trunks), len(pbx.mailboxes), len(pbx.queues or ())]
    there = [len(conf.extensions), len(conf.trunks), len(conf.mailboxes), len(conf.queues)]
    if not conf.extensions:  # where nobody can be rung, calls from outside have no way
        counts[1] = there[1]
    assert counts == there


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
