"""Certificates of phones: AC731, as connections with and without one went on 22.10.1."""

import pytest

from asterconf import Config

CA = "ca_list_file = /etc/ssl/phones.crt"
ASKS, CHECKS = "require_client_cert = yes", "verify_client = yes"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([ASKS, CA], "any certificate will do"),
        ([CHECKS, CA], "a phone without a certificate gets in"),
        ([ASKS, CHECKS], "every phone with a certificate is refused"),
        ([CHECKS], "every phone with a certificate is refused"),
        ([ASKS, CHECKS, CA], ""),
        ([ASKS, CHECKS, "ca_list_path = /etc/ssl/phones"], ""),
        ([CA], ""),
        ([ASKS, "protocol = udp"], ""),
    ],
)
def test_what_a_transport_does_about_certificates(lines: list[str], problem: str) -> None:
    text = "\n".join(["[t]", "type = transport", "protocol = tls", "bind = 0.0.0.0", *lines, ""])
    found = Config.from_texts({"pjsip.conf": text}).check(select=["AC731"])
    assert [one.message.rpartition(": ")[2] for one in found] == [problem] * bool(problem)
