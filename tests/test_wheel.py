"""What is shipped: the package with its grammars, and nothing else."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both archives."""
    if not (ROOT / "asterconf").is_dir():
        pytest.skip("there is no source tree to build from")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "-o", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_wheel_holds_what_git_does(dist: Path) -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "asterconf", "grammars"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    expected = {f"asterconf/{name}" if name.startswith("grammars") else name for name in listed}
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == expected


def test_wheel_reads_from_its_zip(dist: Path) -> None:
    code = "import asterconf; print(asterconf.parse('[a]\\nx = 1\\n')['a']['x'])"
    wheel = next(dist.glob("*.whl"))
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=dist, env={"PYTHONPATH": str(wheel)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout == "1\n"


def test_sdist_keeps_the_grammars(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = archive.getnames()
    assert any(name.endswith("/grammars/conf.lark") for name in names)
