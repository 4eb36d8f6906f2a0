"""The site of the documentation: complete, without broken links, and able to stand on a disk."""

import re
import zlib
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import asterconf
from asterconf import schema
from asterconf.cli import commands
from asterconf.linter.rules.catalogue import RULES

ROOT = Path(__file__).parents[1]


class Page(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.anchors.add(said.get("id", ""))
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        if "src" in said:
            self.loads.append(said["src"])
        if tag == "link" and said.get("rel") in {"stylesheet", "icon", "preconnect", "preload"}:
            self.loads.append(said["href"])


class Site:
    """A built site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def pages(self) -> dict[Path, Page]:
        found = self.folder.rglob("*.html")
        return {p: Page(p.read_text("utf-8")) for p in found if p.name != "404.html"}

    def page(self, name: str) -> Page:
        return self.pages[self.folder / name]


@pytest.fixture(scope="module")
def site(site_folder: Path) -> Site:
    return Site(site_folder)


def test_every_link_leads_somewhere(site: Site) -> None:
    broken = []
    count = 0
    for path, page in site.pages.items():
        for link in page.links:
            target = urlsplit(link)
            if target.scheme or target.netloc:
                continue
            count += 1
            to = (path.parent / unquote(target.path)).resolve() if target.path else path
            known = site.pages.get(to)
            if not to.exists() or (
                target.fragment and known and unquote(target.fragment) not in known.anchors
            ):
                broken.append(f"{path.relative_to(site.folder)}: {link}")
    assert count > 10_000
    assert broken == []


def test_no_page_loads_anything_from_elsewhere(site: Site) -> None:
    foreign = {load for page in site.pages.values() for load in page.loads if "//" in load}
    assert foreign == set()
    for sheet in site.folder.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?https?:", sheet.read_text("utf-8")), sheet


def test_the_inventory_has_every_public_name(site: Site) -> None:
    data = (site.folder / "objects.inv").read_bytes()
    head, body = data[: data.index(b"zlib.\n") + 6], data[data.index(b"zlib.\n") + 6 :]
    assert head.startswith(b"# Sphinx inventory version 2\n# Project: asterconf\n")
    lines = zlib.decompress(body).decode().splitlines()
    names = {line.split(" ", 1)[0] for line in lines}
    assert {f"asterconf.{name}" for name in asterconf.__all__} <= names
    assert {"asterconf.pjsip.Endpoint", "asterconf.Config.update"} <= names


def test_every_code_has_an_entry(site: Site) -> None:
    assert RULES.keys() <= site.page("reference/codes.html").anchors


def test_every_command_has_a_section(site: Site) -> None:
    names = commands.list_commands(commands.make_context("asterconf", [], resilient_parsing=True))
    assert len(names) >= 10
    anchors = site.page("reference/cli.html").anchors
    assert {f"asterconf-{name}" for name in names} <= anchors


def test_every_option_of_every_file_has_an_anchor(site: Site) -> None:
    assert len(schema.files()) == 60
    for name in schema.files():
        facts = schema.file(name)
        assert facts is not None
        anchors = site.page(f"reference/schema/{name}.html").anchors
        kinds = {kind.name.lower().replace("_", "-"): kind for kind in facts.objects.values()}
        assert set(kinds) <= anchors, name
        for title, kind in kinds.items():
            plain = {o.name for o in kind.options.values() if o.match == "name"}
            assert {f"{title}.{option}" for option in plain} <= anchors, name


def test_every_application_and_function_has_an_entry(site: Site) -> None:
    assert set(schema.applications()) <= site.page("reference/applications.html").anchors
    assert set(schema.functions()) <= site.page("reference/functions.html").anchors


def test_a_function_that_only_asterisk_knows_is_not_called_computed(site: Site) -> None:
    text = (site.folder / "reference/functions.html").read_text("utf-8")
    entries = dict(re.findall(r'<h2 id="(\w+)">.*?<p>(Module .*?)</p>', text, re.DOTALL))
    computed = {name for name, about in entries.items() if "computed here" in about}
    assert len(entries) == 218
    assert {"ABS", "LEN", "ARRAY", "CUT"} <= computed
    assert not {"AGC", "AGENT", "SHELL", "ODBC"} & computed


def test_every_grammar_is_there_word_for_word(site: Site) -> None:
    anchors = site.page("reference/grammars.html").anchors
    assert {file.stem for file in (ROOT / "grammars").glob("*.lark")} <= anchors
