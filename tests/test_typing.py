"""What a user's type checker says of the objects."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_a_strict_type_checker_knows_the_objects() -> None:
    pytest.importorskip("mypy", reason="mypy, of the extra 'lint', is not installed")
    command = [
        sys.executable, "-m", "mypy", "--strict", "--enable-error-code=ignore-without-code",
        "--config-file=", f"--cache-dir={ROOT / '.mypy_cache'}", "--follow-imports=silent",
        "tests/typing/use_objects.py",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("Success: no issues found in 1 source file\n", 0)
