"""Profiles for property tests, and where the real-world files are."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", deadline=None, max_examples=20, suppress_health_check=SLOW)
# The same examples in every run: a change is judged by what it changes. `long` looks for new ones.
settings.register_profile(
    "ci", deadline=None, max_examples=200, suppress_health_check=SLOW, derandomize=True
)
settings.register_profile("long", deadline=None, max_examples=5_000, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

HERE = Path(__file__).parent
VECTORS = HERE / "vectors"
SHARED = HERE.parent.parent / "shared"


def pytest_report_header() -> str:
    """Say which property profile runs."""
    return f"hypothesis profile: {settings.get_current_profile_name()}"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real configuration files, where there is one."""
    folder = Path(os.environ.get("ASTERCONF_CORPUS", SHARED / "corpus"))
    if not folder.is_dir():
        pytest.skip("no corpus of real files here (set ASTERCONF_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def guide() -> Path:
    """Return the folder of a published home PBX guide's six files, where there is one."""
    folder = Path(os.environ.get("ASTERCONF_GUIDE", SHARED / "guide"))
    if not folder.is_dir():
        pytest.skip("the guide's files are not here (set ASTERCONF_GUIDE)")
    return folder


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of the documentation, warnings being errors, and return where it is."""
    for name in ("mkdocs", "material", "mkdocs_click", "mkdocstrings_handlers"):
        if find_spec(name) is None:
            pytest.skip("needs the extra 'docs'")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", ".mkdocs.yml", "-d", folder],
        cwd=HERE.parent,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(HERE.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return folder
