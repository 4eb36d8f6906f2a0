"""Certificates for tests, made on the spot with the openssl command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def make_keys(folder: Path, *names: str) -> tuple[str, str]:
    """Make a certificate for host names and addresses, signed by itself, and its key.

    Returns the two files, ``asterisk.crt`` and ``asterisk.key`` in the folder.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command, which makes the certificates, is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "asterisk.crt", folder / "asterisk.key"
    marks = ",".join(f"{'IP' if n[0].isdigit() else 'DNS'}:{n}" for n in names)
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
         f"/CN={names[0]}", "-addext", f"subjectAltName={marks}", "-keyout", str(key),
         "-out", str(certificate)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    key.chmod(0o644)  # Asterisk may not run as who made it
    return str(certificate), str(key)
