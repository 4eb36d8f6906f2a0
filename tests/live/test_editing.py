"""Edited configurations on a real Asterisk: read as meant, by the user that it runs as."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import asterconf
from asterconf import CallerID, Extension, QueueMember
from asterconf.errors import EditError, ModelError
from tests.strategies.edits import hostile, hostile_edits

from .phones import MakePhone
from .rig import Asterisk, Boot
from .test_reading import ours, real

HOME = Path(__file__).parent.parent.parent / "examples" / "home"
NO_PROVIDER = (
    r"WARNING res_pjsip_outbound_registration.c: No response received from "
    r"'sip:atlanta2.voip.ms:5060' on registration attempt to .*"
)
"""Nobody answers where the provider of the example is said to be."""

FILES = ("pjsip", "pjsip_wizard", "queues", "voicemail", "extensions")


@pytest.fixture
def asterisk(boot: Boot, tmp_path: Path) -> Asterisk:
    """Boot an instance with nothing to do but to read files."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "modules.conf").write_text("[modules]\nautoload = no\n")
    return boot(folder)


def test_no_hostile_value_is_read_by_asterisk_as_anything_else(asterisk: Asterisk) -> None:
    numbers = itertools.count(1)
    done = 0

    @given(hostile, st.integers(0, 18))
    @settings(database=None, suppress_health_check=[*HealthCheck])
    def compare(value: str, which: int) -> None:
        nonlocal done
        name = f"t{next(numbers)}"
        folder = asterisk.etc / name
        folder.mkdir()
        try:
            for file in FILES:
                shutil.copy(HOME / f"{file}.conf", folder)
            conf = asterconf.load(folder)
            try:
                hostile_edits(conf, value)[which]()
            except (EditError, ModelError):
                return
            conf.save()
            done += 1
            for file in FILES:
                effective = conf.effective(f"{file}.conf")
                assert ours(effective) == real(asterisk, f"{name}/{file}.conf")
        finally:
            shutil.rmtree(folder)

    compare()
    assert done > 10
    print(f"{done} edits with hostile values read as Asterisk reads them")


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Return the example home with a phone more, a phone renamed and others changed."""
    folder = tmp_path / "home"
    asterconf.HomePBX.from_toml(HOME.parent / "home.toml").write(folder, complete=True)
    conf = asterconf.load(folder)
    conf.add(Extension("6004", callerid=CallerID("Garage", "6004"), secret="g;a[r]=age"))
    conf.update(conf.extensions["6001"], callerid=CallerID('Wall; "big"', "6001"))
    conf.rename(conf.extensions["6002"], "kitchen").apply()
    conf.update(conf.trunks["voipms"], secret="other;one", qualify_frequency=0)
    conf.remove(conf.extensions["6003"])
    queue = conf.queues["home-phones"]
    conf.update(
        queue, members=(*queue.members[:2], QueueMember("PJSIP/6004", name="Garage")), timeout=20
    )
    conf.save()
    return folder


def test_an_edited_home_boots_and_is_what_the_objects_say(
    edited: Path, boot: Boot, phone: MakePhone
) -> None:
    home = boot(edited, hosts={"atlanta2.voip.ms": "127.0.0.9"})
    said = [str(record) for record in home.log_lines(("WARNING", "ERROR"))]
    assert [line for line in said if not re.fullmatch(NO_PROVIDER, line)] == []
    shown = re.findall(r"(?m)^ Endpoint:  ([^ /<]+)", home.cli("pjsip show endpoints"))
    assert sorted(shown) == ["6001", "6004", "kitchen", "voipms"]
    auth = home.cli("pjsip show auth voipms-oauth")
    assert re.search(r"(?m)^ password +: other;one *$", auth)
    members = re.findall(r"\((PJSIP/\S+?)\)", home.cli("queue show home-phones"))
    assert sorted(members) == ["PJSIP/6001", "PJSIP/6004", "PJSIP/kitchen"]
    garage = phone("6004", "g;a[r]=age", home.sip_port)
    kitchen = phone("kitchen", "cedar-Lamp-7714", home.sip_port, answers=180, login="6002")
    assert [garage.register(), kitchen.register()] == [200, 200]
    call = garage.call("6002")
    ringing = kitchen.wait_call()
    assert "Garage" in ringing.remote
    call.hangup()


class AsAsterisk(Asterisk):
    """An instance that runs as the user asterisk, in a folder of his, edited by root before."""

    def _adapt(self, root: Path, rtp: tuple[int, int] | None) -> None:
        super()._adapt(root, rtp)
        passwd = (root / "etc" / "passwd").read_text()
        found = re.search(r"(?m)^asterisk:[^:]*:(\d+):(\d+):", passwd)
        assert found is not None
        self.owner = int(found[1]), int(found[2])
        main = self.etc / "asterisk.conf"
        main.write_text(main.read_text() + "\n[options](+)\nrunuser = asterisk\n")
        main.write_text(main.read_text() + "rungroup = asterisk\n")
        for path in (self.run, *self.run.rglob("*")):
            os.chown(path, *self.owner)
        self.etc.chmod(0o750)
        before = os.umask(0o077)
        try:
            conf = asterconf.load(self.etc)
            conf.add(Extension("6004", secret="s3cret4", max_contacts=1), style="primitives")
            conf.update(conf.extensions["6001"], secret="changed")
            conf.save()
        finally:
            os.umask(before)
        self.run.chmod(0o755)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_saved_is_read_by_the_user_that_asterisk_runs_as(
    asterisk_root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    asterconf.HomePBX.from_toml(HOME.parent / "home.toml").write(folder, complete=True)
    (folder / "pjsip.conf").rename(folder / "transports.inc")
    (folder / "pjsip.conf").write_text("#include transports.inc\n#tryinclude phones.inc\n")
    (folder / "phones.inc").write_text("")
    with AsAsterisk(asterisk_root, folder, tmp_path / "run") as running:
        status = Path(f"/proc/{running.pid}/status").read_text()
        assert re.search(rf"(?m)^Uid:\t{running.owner[0]}\t", status)
        for name in ("pjsip.conf", "pjsip_wizard.conf"):
            found = (running.etc / name).stat()
            assert (found.st_uid, found.st_gid) == running.owner
        assert "s3cret4" in running.cli("pjsip show auth 6004")
        assert "changed" in running.cli("pjsip show auth 6001-iauth")
