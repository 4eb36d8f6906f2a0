"""Monitor → MixMonitor: names of files, what sets MONITOR_EXEC, keys, and queues."""

from __future__ import annotations

import pytest

from asterconf.config import Config


def moved(*steps: str, before: str = "", **files: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the steps of an extension, and what is said of each construct."""
    text = f"{before}[a]\nexten => 1,1,NoOp()\n" + "".join(f" same => n,{one}\n" for one in steps)
    texts = {"extensions.conf": text, **{f"{name}.conf": text for name, text in files.items()}}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("recording")
    plan.apply()
    assert not conf.plan_migrate("recording"), "a second run finds nothing"
    lines = str(conf["extensions.conf"]).partition("NoOp()\n")[2].splitlines()
    return [line.removeprefix(" same => n,") for line in lines], [
        (one.outcome, one.why) for one in plan.constructs
    ]


AGAIN = "a second Monitor gave the files of the first another name"
ONE = "one file with both directions; MixMonitor mixes as it records"
TWO = "the same files, -in and -out, with silence where nothing comes"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Monitor(wav,/a/b.c,m)", "MixMonitor(/a/b.c.wav)", ("exact", ONE)),
        ("Monitor( wav , c , m )", "MixMonitor(c.wav)", ("exact", ONE)),
        ("Monitor(wav49,c)", "MixMonitor(,r(c-in.wav49)t(c-out.wav49))", ("exact", TWO)),
        ("Monitor(,c)", "MixMonitor(,r(c-in.wav)t(c-out.wav))", ("exact", TWO)),
        ("Monitor(wav,${X},m)", "MixMonitor(${X}.wav)", ("exact", ONE)),
        ("Monitor(wav,c,mi)", "MixMonitor(,t(c-out.wav))", ("exact", TWO)),
        ("Monitor(wav,c,b)", "MixMonitor(,br(c-in.wav)t(c-out.wav))",
         ("changed", "it began with the first bridge, and went on behind it")),
        ("Monitor(wav,c,B(30))", "MixMonitor(,B(30)r(c-in.wav)t(c-out.wav))",
         ("changed", "the beep is played, and is not in the files")),
        ("Monitor(wav,,m)", "MixMonitor(${UNIQUEID}.wav)",
         ("changed", "the name of the file is the id of the channel, and not its name")),
        ("Monitor(wav:https://x/y,c,m)", "MixMonitor(c.wav)",
         ("changed", "CDR(userfield) does not hold the address of the file any more")),
        ("Monitor()", "NoOp(Monitor)", ("exact", "without arguments, Monitor recorded nothing")),
        ("ChangeMonitor(x)", "ChangeMonitor(x)",
         ("left", "MixMonitor cannot go on under another name: stop it, and begin again")),
    ],
)  # fmt: skip
def test_what_one_monitor_becomes(old: str, new: str, said: tuple[str, str]) -> None:
    assert moved(old) == ([new], [said])


@pytest.mark.parametrize(
    ("steps", "before", "runs"),
    [
        (["Set(MONITOR_EXEC=x)"], "", True),
        (["Set(__MONITOR_EXEC=x)"], "", True),
        (["MSet(A=1,MONITOR_EXEC=x)"], "", True),
        (["ExecIf(1?Set(MONITOR_EXEC=x))"], "", True),
        ([], "[globals]\nMONITOR_EXEC=x\n", True),
        ([], "[globals]\nMONITOR=x\n", False),
        (["NoOp(MONITOR_EXEC)"], "", False),
    ],
)
def test_a_command_for_the_mixed_file_is_told_wherever_it_is_set(
    steps: list[str], before: str, *, runs: bool
) -> None:
    lines, said = moved(*steps, "Monitor(wav,c,m)", before=before)
    assert lines == [*steps, "MixMonitor(c.wav)"]
    why = "MONITOR_EXEC mixed the files: make it the third argument"
    assert said[-1] == (("changed", why) if runs else ("exact", ONE))
    assert ("left", "give the command to MixMonitor as its third argument") in said or not (
        runs and steps
    )


def test_a_file_for_each_direction_was_not_mixed_by_a_command() -> None:
    assert moved("Monitor(wav,c)", before="[globals]\nMONITOR_EXEC=x\n")[1] == [("exact", TWO)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Dial(IAX2/a,9,w)", "Dial(IAX2/a,9,x)"),
        ("Dial(IAX2/a,9,W)", "Dial(IAX2/a,9,X)"),
        ("Dial(IAX2/a,9,wW)", "Dial(IAX2/a,9,xX)"),
        ("Dial(IAX2/a,9,twxT)", "Dial(IAX2/a,9,txT)"),
        ("Dial(IAX2/a,9,XWt)", "Dial(IAX2/a,9,Xt)"),
        ("Dial(IAX2/a,9,M(w)W,url)", "Dial(IAX2/a,9,M(w)X,url)"),
        ("Queue(q,W)", "Queue(q,X)"),
        ("ExecIf(1?Queue(q,w))", "ExecIf(1?Queue(q,x))"),
    ],
)
def test_options_for_keys_are_those_of_the_other_feature(old: str, new: str) -> None:
    why = "keys record with automixmon, into one file: automon is gone"
    assert moved(old) == ([new], [("changed", why)])


@pytest.mark.parametrize(
    "step",
    [
        "Dial(IAX2/w,9)",
        "Dial(IAX2/a,w)",
        "Dial(IAX2/a,9,x)",
        "Queue(q)",
        "Queue(q,t,w)",
        "Page(a,w)",
    ],
)
def test_a_letter_that_is_no_such_option_stays(step: str) -> None:
    assert moved(step) == ([step], [])


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (["Monitor(wav,c)", "Monitor(wav,d)"],
         [("exact", TWO), ("changed", AGAIN)]),
        (["Monitor(wav,c)", "StopMonitor()", "Monitor(wav,d)"],
         [("exact", TWO), ("exact", "it ends the recording"), ("exact", TWO)]),
        (["MixMonitor(d.wav)", "StopMonitor()"],
         [("changed", "it ends the recording that was begun last, of MixMonitor, too")]),
    ],
)  # fmt: skip
def test_recordings_of_one_call_are_looked_at_together(
    steps: list[str], said: list[tuple[str, str]]
) -> None:
    found = moved(*steps)[1]
    assert [outcome for outcome, _ in found] == [outcome for outcome, _ in said]
    assert [why for (_, why), (_, full) in zip(said, found, strict=True)
            if why != full and "ends the recording" not in why] == []  # fmt: skip


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        ("monitor-format=wav\n", [("changed", "one file with both directions, and not two")]),
        ("monitor-type=MixMonitor\nmonitor-format=wav\n",
         [("exact", "queues record with MixMonitor only: see monitor-format")]),
        ("monitor-join=yes\nmonitor-format=wav\n",
         [("exact", "queues record with MixMonitor only: see monitor-format"),
          ("exact", "one file with both directions, as before")]),
        ("monitor-join=no\nmonitor-format=wav\n",
         [("exact", "queues record with MixMonitor only: see monitor-format"),
          ("changed", "one file with both directions, and not two")]),
        ("strategy=linear\n", []),
    ],
)  # fmt: skip
def test_what_a_queue_records(queue: str, said: list[tuple[str, str]]) -> None:
    assert moved(queues=f"[general]\n[q]\n{queue}")[1] == said


def test_the_kind_of_recording_of_all_queues_is_set_once() -> None:
    text = "[general]\nmonitor-type=MixMonitor\n[other]\n[q]\nmonitor-format=wav\n"
    assert [outcome for outcome, _ in moved(queues=text)[1]] == ["exact"]
    text = "[other]\nmonitor-type=MixMonitor\n[q]\nmonitor-format=wav\n"
    assert [outcome for outcome, _ in moved(queues=text)[1]] == ["exact", "changed"]


def test_the_key_that_records_has_its_new_name_in_the_plan() -> None:
    features = {"features.conf": "[featuremap]\nautomon => *1\n[other]\nautomon => *2\n"}
    plan = Config.from_texts(features, asterisk="20").plan_migrate("recording")
    assert [(one.text, one.outcome, one.new) for one in plan.constructs] == [
        ("automon=*1", "changed", "automixmon=*1"),
    ]
