"""What one line means."""

import json
from typing import Any

import pytest

import asterconf
from asterconf.errors import NotFoundError

TEXTS = {
    "pjsip.conf": (
        "[base](!)\ntype=endpoint\nallow=ulaw\ncontext=home\n[a](base)\ncontext=away\n[b](base)\n"
        "auth=b\n[b]\ntype=auth\nusername=b\npassword=hunter2\n"
    ),
    "extensions.conf": (
        "[home]\nexten => 1,1(top),NoOp(x)\n same => n,Goto(top)\n[away]\n; nothing\n"
        "include => home\n"
        "exten => 2,1,Goto(home,1,1)\n"
    ),
    "queues.conf": "odd\n",
    "strange.conf": "[x]\ny=1\n",
}
CONF = asterconf.Config.from_texts(TEXTS)


def test_a_line_of_a_template_means_something_in_each_section_that_inherits_it() -> None:
    found = CONF.explain("pjsip.conf", 4)
    read = [(one.section, one.kind, one.counts) for one in found.readings]
    assert read == [("a", "endpoint", False), ("b", "endpoint", True)]
    overridden = found.readings[0]
    assert (overridden.value, overridden.through) == ("home", "base")
    assert [(one.place.line, one.value, one.counts) for one in overridden.others] == [
        (6, "away", True)
    ]
    assert dict(overridden.facts)["default"] == "default"


def test_a_line_that_overrides_says_what() -> None:
    (reading,) = CONF.explain("pjsip.conf", 6).readings
    assert (reading.value, reading.counts) == ("away", True)
    assert [(one.place.line, one.counts) for one in reading.others] == [(4, False)]
    assert [str(one.target) for one in CONF.explain("pjsip.conf", 6).names] == ["context 'away'"]


def test_a_line_of_the_dialplan_is_a_step() -> None:
    found = CONF.explain("extensions.conf", 2)
    (reading,) = found.readings
    assert (reading.value, reading.section) == ("NoOp(x)", "home")
    assert dict(reading.facts) == {"step": "extension 1, priority 1 (top)"}
    named = {(one.place.file, one.place.line) for one in found.named_by}
    assert ("extensions.conf", 7) in named
    jumps = CONF.explain("extensions.conf", 7).names
    assert "extension '1@home'" in [str(one.target) for one in jumps]


def test_a_header_is_named_by_others() -> None:
    found = CONF.explain("pjsip.conf", 9)
    assert (found.what, [one.kind for one in found.readings]) == ("header", ["auth"])
    assert [one.place.line for one in found.named_by] == [8]
    template = CONF.explain("pjsip.conf", 1)
    assert [one.kind for one in template.readings] == ["template"]
    assert {one.place.line for one in template.named_by} == {5, 7}


def test_what_means_nothing() -> None:
    comment = CONF.explain("extensions.conf", 5)
    assert (comment.what, comment.readings) == ("comment", ())
    error = CONF.explain("queues.conf", 1)
    assert (error.what, error.readings) == ("error", ())
    assert [one.code for one in error.findings] == ["AC101"]
    unread = CONF.explain("strange.conf", 2)
    assert unread.source.role != "read"
    assert unread.readings == ()


def test_what_is_refused_does_not_count() -> None:
    conf = asterconf.Config.from_texts(
        {
            "pjsip.conf": (
                "#include more.conf\n#include none.conf\n\n[a]\ntype=endpoint\nallow=ulaw\n"
                "nat=yes\nrtp_timeout=10s\ncontext=a\ncontext=b\n"
            ),
            "more.conf": "; nothing\n",
        },
        missing_includes="ignore",
    )
    found = [conf.explain("pjsip.conf", line) for line in range(1, 11)]
    assert [one.is_idle for one in found] == [
        False, True, True, False, False, False, True, True, False, False,
    ]  # fmt: skip
    assert found[0].includes == ("more.conf",)
    assert "reads: more.conf" in str(found[0])
    assert "makes nothing of this empty line" in str(found[2])
    assert [one.counts for one in (*found[6].readings, *found[7].readings)] == [False, False]


def test_no_secret_is_told() -> None:
    found = CONF.explain("pjsip.conf", 12)
    assert found.readings
    assert "hunter2" not in f"{found} {found!r} {json.dumps(found.to_dict())}"


@pytest.mark.parametrize(("file", "line"), [("none.conf", 1), ("queues.conf", 9)])
def test_there_is_no_such_line(file: str, line: int) -> None:
    with pytest.raises(NotFoundError, match="there is no "):
        CONF.explain(file, line)


def test_the_command_explains(cli: Any) -> None:
    code, out, _ = cli("explain", "examples/inherited", "queues.conf:11:3")
    assert code == 0
    assert "  queues.conf:5:12: 'ringall' (this one counts instead)" in out.splitlines()
    code, out, _ = cli("explain", "examples/inherited", "queues.conf:11", "--json")
    data = json.loads(out)
    assert (data["format"], data["readings"][0]["counts"]) == (1, False)
    assert cli("explain", "examples/inherited", "queues.conf:9999")[0] == 1
    assert cli("explain", "examples/inherited", "pjsip.conf:1")[0] == 1  # a comment
    code, out, _ = cli("explain", "examples/inherited", "pjsip.d/sales.conf:24")
    assert code == 1
    assert "'303@default' does not count" in out
    assert cli("explain", "examples/inherited", "queues.conf")[0] == 2
    assert cli("explain", "/none", "queues.conf:1")[0] == 2
