"""The notebooks of examples/ run, show what they promise, and keep no secret; so do the scripts."""

import importlib
import json
import os
import pickle
import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf.diagnostic import places

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTEBOOKS = sorted(path.stem for path in EXAMPLES.glob("*.ipynb"))
PASSWORDS = (
    "made-up-4711", "hush", "s3cret", "70300", "70311", "70331", "70332", "70333", "80808", "1234,",
)  # fmt: skip


@cache
def executed(name: str) -> Any:
    """Return a notebook after it has run, in the folder of the examples."""
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed (extra notebook)")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed (extra notebook)")
    pytest.importorskip("pandas", reason="pandas is not installed (extra pandas)")
    notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(EXAMPLES)}}
    )
    root = str(EXAMPLES.parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
        patch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        client.execute()
    return notebook


def outputs(notebook: Any, kind: str) -> list[str]:
    """Return every output of a kind, such as `text/html`."""
    found = [
        output.get("data", {}).get(kind) if kind != "stream" else output.get("text")
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    ]
    return [text for text in found if text]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_committed_without_outputs(name: str) -> None:
    data = json.loads((EXAMPLES / f"{name}.ipynb").read_text())
    for cell in data["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert not cell.get("metadata")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_keeps_no_secret(name: str) -> None:
    notebook = executed(name)
    shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
    for password in PASSWORDS:
        assert password not in shown
    assert not re.search(r"Traceback|Warning", shown)


def test_the_inherited_configuration_is_explored() -> None:
    notebook = executed("explore_inherited")
    tables = " ".join(outputs(notebook, "text/html"))
    for words in ("chan_sip, which read it, was removed", "rrmemory", "pjsip_wizard.conf:19"):
        assert words in tables
    pictures = outputs(notebook, "image/svg+xml") + outputs(notebook, "text/vnd.mermaid")
    assert len(pictures) == 2
    assert "['old-fax']" in outputs(notebook, "text/plain")
    assert "+endpoint/context = internal\n" in "".join(outputs(notebook, "stream"))


def test_the_home_pbx_is_built_and_changed() -> None:
    notebook = executed("build_home")
    texts = outputs(notebook, "text/plain")
    assert any("confbridge.conf" in text and "extensions.conf" in text for text in texts)
    assert "PJSIP/6004" in outputs(notebook, "text/html")[-1]


def test_the_fleet_is_moved() -> None:
    notebook = executed("fleet")
    words = "".join(outputs(notebook, "stream"))
    assert "133 sites changed; the first:" in words
    assert "-remote_hosts = sip.old-carrier.example    ; agreed by phone\n" in words
    assert "+remote_hosts = sip.new-carrier.example    ; agreed by phone\n" in words
    assert '<progress value="200" max="200"' in outputs(notebook, "text/html")[0]
    assert outputs(notebook, "text/plain")[0] == "sites: 200 of 200"
    sizes = dict(
        re.findall(r"<th>(.*?)</th>\n +<td>([0-9]+)</td>", outputs(notebook, "text/html")[1])
    )
    assert list(sizes) == ["an extension", "a trunk", "a finding", "the whole site"]
    assert all(100 < int(size) < 700 for size in list(sizes.values())[:3])
    assert int(sizes["the whole site"]) < 2_500
    same = "4 bags give the same 200 sites" if find_spec("dask") else "dask is not installed here"
    assert same in words
    assert "sip.old-carrier.example" not in outputs(notebook, "text/html")[-1]


def test_the_change_is_reviewed_merged_and_planned() -> None:
    notebook = executed("review_change")
    tables = " ".join(outputs(notebook, "text/html"))
    for words in (
        "3 extensions: allow g722, ulaw -&gt; opus, g722, ulaw",
        "names the context &#x27;from-hone&#x27;, which does not exist",
        "auth/password: secret changed",
        "here it is 45 now",
        "1 conflict",
        "is as the description says",
    ):
        assert words in tables
    words = "".join(outputs(notebook, "stream"))
    assert "-timeout = 45 ; grandmother is slow on her feet\n+timeout = 30 ; grandmother" in words
    assert "VOICEMAIL_RING_TIMEOUT 25 -> 60: here it is 40 now\n" in words
    assert "member => PJSIP/6003,0,Cellar,PJSIP/6003\n" in words


def test_the_safe_pbx_is_proved_and_the_open_one_shown_by_a_call() -> None:
    notebook = executed("safe_pbx")
    tables = outputs(notebook, "text/html")
    closed, opened, services = tables[0], tables[1], tables[2]
    assert "no call that comes in here is handed to voipms" in closed
    assert "8988@from-pstn:1" in opened
    assert "dials PJSIP/988@voipms" in opened
    for words in ("6001, 6002, 6003", ">premium<", "none", "411@from-home"):
        assert words in services
    words = "".join(outputs(notebook, "stream"))
    assert "+exten => _8X.,1,Goto(from-home,${EXTEN:1},1)" in words
    assert "nobody from outside reaches the trunk: failed" in words
    assert "911 from every phone, at every hour: passed" in words
    assert "[]" in outputs(notebook, "text/plain")


def test_what_a_provider_that_is_down_leaves_is_asked() -> None:
    notebook = executed("provider_down")
    words = "".join(outputs(notebook, "stream"))
    assert "yes: with voipms down, every phone hands" in words
    assert "yes: with backup down, every phone hands" in words
    assert "no: with voipms, backup down, some calls are not handed to a trunk" in words
    assert "backup: 2 numbers" in words
    tables = " ".join(outputs(notebook, "text/html"))
    assert "hands 911 to trunk backup as 911" in tables
    assert "'no'" in outputs(notebook, "text/plain")


def test_what_a_change_keeps_is_proved_and_what_it_does_shown_by_calls() -> None:
    notebook = executed("keep_every_call")
    left = next(t for t in outputs(notebook, "text/plain") if t.startswith("["))
    assert "911" not in left
    assert "yes" not in left
    words = "".join(outputs(notebook, "stream"))
    assert "+include => emergency" in words
    assert "23,970,000 numbers, such as 9002000000" in words
    assert "before: refused with cause 21" in words
    assert "now:    answered by PJSIP/+19002000000@voipms" in words


def run(script: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script), *args],
        capture_output=True, text=True, check=True, cwd=EXAMPLES.parent,
        env={**os.environ, "PYTHONPATH": str(EXAMPLES.parent)},
    )  # fmt: skip
    assert not done.stderr
    assert not any(password in done.stdout for password in PASSWORDS)
    return done.stdout


def test_the_script_that_explores_says_what_nobody_uses() -> None:
    out = run("explore_inherited.py").split("\n")
    assert out[-4:] == [
        "Files that Asterisk does not read: iax.conf, sip.conf",
        "Contexts that no call reaches: old-fax",
        "Referred to, and not there: fax-end, intrenal, 304",
        "",
    ]


def test_the_script_that_reviews_tells_meaning_from_tidying_up(tmp_path: Path) -> None:
    assert run("review_change.py") == (
        "309 lines of text changed. What that means:\n\n"
        "~ 2 transports: bind 0.0.0.0 -> 0.0.0.0:5080 (restart Asterisk)  "
        "(pjsip.conf:14 [transport-defaults])\n"
        "    transport-udp, transport-tcp\n"
        "~ 3 extensions: allow g722, ulaw -> opus, g722, ulaw  "
        "(pjsip_wizard.conf:82 [extension-defaults])\n"
        "    6001, 6002, 6003\n"
        "~ extension 6002 'Kitchen': auth/password: secret changed  (pjsip_wizard.conf:110)\n"
        "~ extension 6003 'Cellar': callerid Smartphone <6003> -> Cellar <6003>  "
        "(pjsip_wizard.conf:123)\n"
        "+ extension 6004 'Garage'  (pjsip_wizard.conf:131)\n"
        "~ queue home-phones: timeout 30 -> 20  (queues.conf:23)\n\n"
        "To take effect: module reload res_pjsip.so; module reload app_queue.so\n"
        "Needs a restart of Asterisk: bind of transport-udp, transport-tcp\n\n"
        "Calls that change, or may:\n"
        "  voipms, _+X!, _X!, s: unknown: it depends on queues.conf differs (extensions.conf:157)\n"
        "  6003, 6003: yes: answered by PJSIP/6003, who sees Smartphone <6003> -> "
        "answered by PJSIP/6003, who sees Cellar <6003>\n"
        "  6003, 6002: yes: answered by PJSIP/6002, who sees Smartphone <6003> -> "
        "answered by PJSIP/6002, who sees Cellar <6003>\n"
        "  6003, 6001: yes: answered by PJSIP/6001, who sees Smartphone <6003> -> "
        "answered by PJSIP/6001, who sees Cellar <6003>\n"
        "  6003, *99: unknown: it depends on VoiceMailMain(${VOICEMAIL_BOX},s) or "
        "VoiceMailMain(${VOICEMAIL_BOX},s), which no call on paper shows (extensions.conf:80)\n"
        "  6004, _.: yes: there is no 6004 before\n\n"
        "pjsip_wizard.conf:132:18: warning AC421 endpoint/context names the context "
        "'from-hone', which does not exist\n"
        "  hint: did you mean from-home?\n"
    )
    for name, wait in (("old", 30), ("new", 20)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "queues.conf").write_text(f"[sales]\ntimeout = {wait}\n")
    assert run("review_change.py", str(tmp_path / "old"), str(tmp_path / "new")) == (
        "~ queue sales: timeout 30 -> 20  (queues.conf:2)\n\n"
        "To take effect: module reload app_queue.so\n\n"
        "Calls that change, or may:\n\n"
    )


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module("fleet")


def test_the_script_for_a_fleet_reads_a_folder_of_sites(fleet: Any, tmp_path: Path) -> None:
    fleet.make_all(tmp_path, 15)
    assert run("fleet.py", str(tmp_path)) == (
        "15 sites, 75 phones\n"
        "     5 trunks to sip.new-carrier.example\n"
        "    10 trunks to sip.old-carrier.example\n"
        "     3 times AC409 (error)\n"
        "     2 times AC535 (warning)\n"
    )


def test_the_script_for_a_fleet_moves_sites_that_it_makes() -> None:
    lines = run("fleet.py").splitlines()
    assert lines[:3] == [
        "200 sites, 1000 phones",
        "    67 trunks to sip.new-carrier.example",
        "   133 trunks to sip.old-carrier.example",
    ]
    assert "133 sites moved; the first of them:" in lines
    assert "+remote_hosts = sip.new-carrier.example    ; agreed by phone" in lines
    assert "   200 trunks to sip.new-carrier.example" in lines[-3:]


def test_a_site_is_moved_by_one_line(fleet: Any, tmp_path: Path) -> None:
    site = fleet.make(tmp_path, 1)
    before = fleet.read(site)
    old = (site / "pjsip_wizard.conf").read_text()
    lines = fleet.move(site).split("\n")
    assert [line for line in lines[2:] if line[:1] in {"-", "+"}] == [
        "-remote_hosts = sip.old-carrier.example    ; agreed by phone",
        "+remote_hosts = sip.new-carrier.example    ; agreed by phone",
    ]
    assert fleet.move(site) == ""
    new = (site / "pjsip_wizard.conf").read_text()
    assert new == old.replace("old-carrier", "new-carrier")
    after = fleet.read(site)
    assert after.extensions == before.extensions
    assert after.hosts == ("sip.new-carrier.example",)


def test_objects_are_small_between_processes(fleet: Any, tmp_path: Path) -> None:
    site = fleet.read(fleet.make(tmp_path, 1))
    packed = pickle.dumps(site)
    assert pickle.loads(packed) == site
    assert len(packed) < 2_500
    assert len(pickle.dumps(site.extensions[0])) < 700
    read = asterconf.load("examples/inherited").extensions["201"]
    assert places(read)
    assert not places(pickle.loads(pickle.dumps(read)))


def test_a_site_is_read_by_dask_as_by_a_loop(fleet: Any, tmp_path: Path) -> None:
    bag = pytest.importorskip("dask.bag", reason="dask is not installed")
    folders = fleet.make_all(tmp_path, 4)
    read = bag.from_sequence(folders).map(fleet.read).compute(scheduler="threads")
    assert read == [fleet.read(folder) for folder in folders]
