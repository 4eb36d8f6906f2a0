"""What a package index shows: links that work away from the checkout, and lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOME = "https://github.com/asterconf/asterconf"
FILES = f"{HOME}/blob/main/"


def _anchors(page: str) -> set[str]:
    """Return the anchors of a Markdown page, as its headings get them."""
    heads = re.findall(r"(?m)^#+ (.+)$", page)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def _wrong(link: str) -> bool:
    """Tell whether a link to a file of this repository leads nowhere."""
    name, _, anchor = link.removeprefix(FILES).partition("#")
    path = ROOT / name
    return not path.is_file() or bool(anchor and anchor not in _anchors(path.read_text("utf-8")))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_to_files_of_the_repository_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / page).read_text("utf-8"))
    assert links
    assert [link for link in links if not link.startswith("https:") or FILES in link
            if _wrong(link)] == []  # fmt: skip


def test_the_readme_links_by_whole_addresses_only() -> None:
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [link for link in links if not link.startswith("https://")] == []
    assert sum(link.startswith(FILES) for link in links) > 10


def test_the_package_names_its_pages() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert urls["Homepage"] == HOME
    assert all(url.startswith(HOME) for url in urls.values())
    assert [url for url in urls.values() if url.startswith(FILES) and _wrong(url)] == []


def test_the_readme_has_the_two_commands_of_a_checkout() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name in ("build", "test"):
        found = re.findall(rf"<!-- command: {name} -->\n```sh\n(python3 -m venv .+)\n```\n", text)
        assert len(found) == 1
