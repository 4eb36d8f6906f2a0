"""Text with surrogates that no byte decodes to: answered, or refused in words."""

from collections.abc import Callable

import pytest

import asterconf
from asterconf import Config, Extension
from asterconf.errors import AsterconfError
from asterconf.language.pattern import Pattern
from asterconf.pjsip import Endpoint

LONE = "a\ud83d"
TEXTS = {
    "extensions.conf": "[home]\nexten => 1,1,NoOp\n",
    "pjsip_wizard.conf": "[a]\ntype=wizard\naccepts_auth=yes\n",
}


def test_looking_answers() -> None:
    conf = Config.from_texts(TEXTS)
    assert Endpoint(LONE).name == LONE
    assert Pattern(LONE).matches(LONE)
    assert not Pattern(LONE).matches("a\udfff")
    assert not Pattern("_XX").matches(LONE)
    assert Pattern("_a.").explain(LONE)
    assert conf.dialplan.match(LONE, "home").answer == "no"
    assert conf.dialplan.match("1", LONE).answer == "no"
    assert conf.call(LONE, entry="context:home").steps == ()
    assert Config.from_texts({f"{LONE}.conf": "[a]\n"}).check() is not None
    assert Config.from_texts({"pjsip.conf": f"#{LONE}\n"}).check().counts() == {"error": 1}


def _edit(change: Callable[[asterconf.Section], object]) -> Callable[[Config], object]:
    return lambda conf: change(conf["extensions.conf"]["home"])


def _step(conf: Config) -> None:
    with conf.dialplan.edit("home") as edit:
        edit["1"].append(f"NoOp({LONE})")


def _include(conf: Config) -> None:
    with conf.dialplan.edit("home") as edit:
        edit.include(LONE)


@pytest.mark.parametrize(
    "edit",
    [
        _edit(lambda section: section.add("x", LONE)),
        _edit(lambda section: section.add(LONE, "x")),
        _edit(lambda section: section.add_comment(LONE)),
        _edit(lambda section: section.inherit(LONE)),
        _step,
        _include,
        lambda conf: conf.add(Extension(LONE, secret="x")),
        lambda conf: conf.add(Extension("6", secret=LONE)),
        lambda conf: conf.dialplan.add(asterconf.DialplanContext(LONE)),
        lambda conf: conf.save(f"/tmp/{LONE}"),
        lambda conf: bytes(asterconf.parse(LONE)),
        lambda conf: asterconf.load(LONE),
    ],
)
def test_what_no_file_can_hold_is_refused(edit: Callable[[Config], object]) -> None:
    conf = Config.from_texts(TEXTS)
    with pytest.raises(AsterconfError):
        edit(conf)
    assert {name: str(conf[name]) for name in conf.files} == TEXTS
