"""Look after many sites at once: read, compare and repair hundreds of configuration folders.

    python examples/fleet.py                  # makes 200 sites in a temporary folder and cleans up
    python examples/fleet.py SITES            # reads the folders in SITES; changes nothing

Each site is a small value that a process sends back; in a terminal a bar shows how far the work
is. The notebook fleet.ipynb does the same step by step. Names, numbers and passwords are made up.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import attrs

import asterconf
from asterconf.model import Extension, Trunk
from asterconf.progress import bar

OLD, NEW = "sip.old-carrier.example", "sip.new-carrier.example"


@attrs.frozen
class Site:
    """What is worth knowing about one site; it crosses the border between processes as a value."""

    name: str
    extensions: tuple[Extension, ...]
    trunks: tuple[Trunk, ...]
    findings: tuple[asterconf.Diagnostic, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The servers that its trunks use."""
        return tuple(host for trunk in self.trunks for host in trunk.remote_hosts)


def read(folder: Path) -> Site:
    """Return what one site is: its phones, its trunks, and what is wrong with it."""
    conf = asterconf.load(folder)
    return Site(
        folder.name,
        tuple(conf.extensions.values()),
        tuple(conf.trunks.values()),
        tuple(conf.check(host_files=False)),
    )


def move(folder: Path) -> str:
    """Move the trunks of one site to the new carrier and return the diff; nothing else changes."""
    conf = asterconf.load(folder)
    for trunk in conf.trunks.values():
        hosts = tuple(NEW if host == OLD else host for host in trunk.remote_hosts)
        if hosts != trunk.remote_hosts:
            conf.update(trunk, remote_hosts=hosts)
    changes = conf.changes()
    conf.save()
    return changes


# -- made-up sites --------------------------------------------------------------------------------

WIZARD = """\
; {name}: {note}
[carrier](!)
type = wizard
sends_auth = yes
sends_registrations = yes
endpoint/context = from-carrier
endpoint/allow = !all,alaw

[phones](!)
type = wizard
accepts_registrations = yes
accepts_auth = yes
aor/max_contacts = 1
endpoint/context = internal
endpoint/allow = !all,g722,alaw

[line](carrier)
remote_hosts = {host}    ; agreed by phone
outbound_auth/username = {name}
outbound_auth/password = hush-{name}
"""

PHONE = """
[{number}](phones)
endpoint/callerid = Desk {number} <{number}>
inbound_auth/username = {number}
inbound_auth/password = hush-{name}-{number}
"""

PLAN = """\
[internal]
exten => _2XX,1,GotoIf($["${PJSIP_ENDPOINT(${EXTEN},aors)}" = ""]?none)
 same => n,Dial(PJSIP/${EXTEN},30)
 same => n(none),Hangup(1)
exten => _0X.,1,Dial(PJSIP/${FILTER(0-9,${EXTEN:1})}@line)
exten => 9,1,Queue(desks)

[from-carrier]
exten => _[+0-9]X.,1,Queue(desks)
exten => s,1,Queue(desks)
"""

QUEUE = "[desks]\nstrategy = ringall\n"


def make(folder: Path, number: int) -> Path:
    """Write one site; every seventh has a slip made by hand, another seventh a member that left."""
    name = f"site-{number:03}"
    site = folder / name
    site.mkdir(parents=True)
    numbers = range(200, 203 + number % 5)
    wizard = WIZARD.format(
        name=name, host=OLD if number % 3 else NEW, note="as delivered" if number % 7 else "by hand"
    )
    wizard += "".join(PHONE.format(name=name, number=phone) for phone in numbers)
    if number % 7 == 0:
        wizard += "endpoint/contxt = lobby\n"
    members = "".join(f"member => PJSIP/{phone}\n" for phone in numbers)
    (site / "pjsip_wizard.conf").write_text(wizard)
    (site / "modules.conf").write_text("[modules]\nautoload = yes\n")
    (site / "pjsip.conf").write_text("[udp]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0\n")
    (site / "extensions.conf").write_text(PLAN)
    (site / "queues.conf").write_text(QUEUE + members + "member => PJSIP/999\n" * (number % 7 == 3))
    return site


def make_all(folder: Path, sites: int) -> list[Path]:
    """Write that many sites and return their folders."""
    return [make(folder, number) for number in range(sites)]


# -- the whole job --------------------------------------------------------------------------------


def report(sites: Iterable[Site]) -> None:
    """Print what there is: how many sites and phones, which servers, which findings."""
    found = list(sites)
    print(f"{len(found)} sites, {sum(len(site.extensions) for site in found)} phones")
    for host, count in sorted(Counter(host for site in found for host in site.hosts).items()):
        print(f"  {count:4} trunks to {host}")
    codes = Counter((finding.code, finding.severity) for site in found for finding in site.findings)
    for (code, severity), count in sorted(codes.items()):
        print(f"  {count:4} times {code} ({severity})")


def given(folder: Path) -> None:
    """Report on the sites in a folder; nothing is changed."""
    with bar() as progress:
        sites = asterconf.map_sites(read, sorted(folder.iterdir()), progress=progress)
    report(sites)


def made(count: int) -> None:
    """Make sites, report on them, move them to the new carrier, and report again."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = make_all(Path(scratch), count)
        with bar() as progress:
            before = asterconf.map_sites(read, folders, progress=progress)
            diffs = asterconf.map_sites(move, folders, progress=progress)
            after = asterconf.map_sites(read, folders, progress=progress)
    report(before)
    changes = [diff for diff in diffs if diff]
    print(f"\n{len(changes)} sites moved; the first of them:\n{changes[0]}")
    report(after)


def main() -> None:
    """Look at the sites in the folder given, or show it all on made-up ones."""
    if len(sys.argv) > 1:
        given(Path(sys.argv[1]))
    else:
        made(200)


if __name__ == "__main__":
    main()
