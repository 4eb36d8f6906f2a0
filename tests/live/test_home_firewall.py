"""The built ruleset in a network of its own: packets to closed ports are dropped, others pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import attrs
import pytest

from asterconf.home import HomePBX, Network, Tls, providers
from asterconf.model import Extension

HOME = HomePBX(
    owner="John Doe <+15555555555>",
    network=Network(
        bind="0.0.0.0:5160", tls=Tls(), rtp_ports=(20000, 20009),
        local_networks=["127.0.0.0/8", "192.168.1.0/24"], external_address="203.0.113.8",
    ),
    trunks=[providers.ip_authenticated("198.51.100.7:5060", "gateway")],
    extensions=[Extension("6001", secret="mango-Trellis-9034")],
)  # fmt: skip

SERVER = """
import select, socket, sys
udp = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in sys.argv[2].split(",")]
for one, port in zip(udp, sys.argv[2].split(",")):
    one.bind(("", int(port)))
tcp = [socket.create_server(("", int(port))) for port in sys.argv[1].split(",")]
print("ready", flush=True)
while True:
    for one in select.select([*udp, *tcp], [], [])[0]:
        if one in tcp:
            one.accept()[0].close()
        else:
            data, who = one.recvfrom(99)
            one.sendto(data, who)
"""
CLIENT = """
import socket, sys
source, kind, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
sort = socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM
with socket.socket(socket.AF_INET, sort) as one:
    one.settimeout(0.4)
    one.bind((source, 0))
    try:
        one.connect(("192.168.1.1", port))
        if kind == "udp":
            one.send(b"x")
            one.recv(9)
        print("open")
    except OSError:
        print("closed")
"""
TCP, UDP = "5160,5061,22", "5160,20000,20009,20010,9999"


def run(*command: str, data: str = "") -> str:
    done = subprocess.run(command, input=data, text=True, capture_output=True, check=False)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def pbx() -> Iterator[str]:
    """Return the name of a namespace that the ruleset stands in; a veth leads to `…-out`."""
    if shutil.which("nft") is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("nft, ip and root are needed")
    name = f"home{os.getpid()}"
    outside = f"{name}-out"
    probe = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if probe.returncode != 0:
        pytest.skip("this machine lets nobody make a network namespace")
    try:
        run("ip", "netns", "add", outside)
        run(
            "ip", "link", "add", "v0", "netns", name, "type", "veth", "peer", "v1", "netns", outside
        )
        for space, link in ((name, "v0"), (outside, "v1")):
            run("ip", "-n", space, "link", "set", link, "up")
            run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "-n", name, "addr", "add", "192.168.1.1/24", "dev", "v0")
        run("ip", "-n", name, "route", "add", "default", "dev", "v0")
        for address in ("192.168.1.9/24", "198.51.100.7/32", "203.0.113.5/32"):
            run("ip", "-n", outside, "addr", "add", address, "dev", "v1")
        run("ip", "netns", "exec", name, "nft", "-f", "-", data=HOME.firewall().nftables())
        command = ["ip", "netns", "exec", name, sys.executable, "-c", SERVER, TCP, UDP]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            yield name
            server.kill()
    finally:
        for space in (name, outside):
            subprocess.run(["ip", "netns", "del", space], check=False)


LOCAL, GATEWAY, WORLD = "192.168.1.9", "198.51.100.7", "203.0.113.5"


@pytest.mark.parametrize(
    ("source", "kind", "port", "expected"),
    [
        (LOCAL, "udp", 5160, "open"),
        (LOCAL, "tcp", 5160, "open"),
        (LOCAL, "tcp", 5061, "open"),
        (LOCAL, "udp", 20000, "open"),
        (GATEWAY, "tcp", 5160, "open"),
        (GATEWAY, "udp", 5160, "closed"),
        (GATEWAY, "tcp", 5061, "closed"),
        (GATEWAY, "udp", 20009, "open"),
        (WORLD, "udp", 5160, "closed"),
        (WORLD, "tcp", 5160, "closed"),
        (WORLD, "tcp", 5061, "closed"),
        (WORLD, "udp", 20000, "open"),
        (WORLD, "udp", 20009, "open"),
        (WORLD, "udp", 20010, "open"),  # of other ports it says nothing
        (WORLD, "tcp", 22, "open"),
    ],
)
def test_a_packet_passes_or_is_dropped(
    pbx: str, source: str, kind: str, port: int, expected: str
) -> None:
    command = ("ip", "netns", "exec", f"{pbx}-out", sys.executable, "-c", CLIENT)
    assert run(*command, source, kind, str(port)) == f"{expected}\n"


def test_a_range_of_rtp_over_sip_is_refused_before_a_ruleset_is_made() -> None:
    network = attrs.evolve(HOME.network, rtp_ports=(5100, 5200))
    faults = [str(fault) for fault in attrs.evolve(HOME, network=network).plan().faults]
    assert "network.rtp_ports: 5100 to 5200 include 5160, the port of SIP (bind)" in faults
