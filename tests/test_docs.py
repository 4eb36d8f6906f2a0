"""The site of the documentation: complete, without broken links, and able to stand on a disk."""

import os
import re
import shutil
import subprocess
import sys
import zlib
from functools import cached_property
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import asterconf
from asterconf import schema
from asterconf.cli import commands
from tests.browser.test_browser import BROWSERS, MEASURE, look

ROOT = Path(__file__).parents[1]
NEEDED = ("mkdocs", "material", "mkdocs_click", "mkdocstrings_handlers.python")


def missing() -> list[str]:
    return [name for name in NEEDED if not find_spec(name.partition(".")[0])]


BROWSER = next(filter(None, map(shutil.which, BROWSERS)), "")

pytestmark = pytest.mark.skipif(bool(missing()), reason="needs the extra 'docs'")


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

    def page_uri(self, name: str) -> str:
        return (self.folder / f"{name}.html").as_uri()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", ".mkdocs.yml", "-d", folder],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return Site(folder)


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
    codes = set()
    for path in (ROOT / "asterconf").rglob("*.py"):
        text = path.read_text("utf-8")
        codes |= set(re.findall(r"Rule\(\s*\"(AC\d{3})\"", text))
        for several in re.findall(r"_rules\(\s*\"(AC[0-9AC ]+)\"", text):
            codes |= set(several.split())
    assert len(codes) > 200
    assert codes <= site.page("reference/codes.html").anchors


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


SHOWN = ["index", "pictures", "reference/codes", "reference/schema/pjsip.conf"]


@pytest.mark.browser
@pytest.mark.skipif(not BROWSER, reason="no Chromium here (apt-get install chromium)")
@pytest.mark.parametrize(("width", "dark"), [(1300, False), (420, True)])
@pytest.mark.parametrize("name", SHOWN)
def test_a_page_fits_its_window(site: Site, name: str, width: int, dark: bool) -> None:
    page = site.folder / f"{name}.html"
    measured = page.with_suffix(f".{width}.html")
    text = page.read_text("utf-8").replace("</body>", f"{MEASURE}</body>")
    measured.write_text(text, encoding="utf-8")
    found, markup = look(BROWSER, measured, width=width, dark=dark)
    scheme = re.search(r'<body[^>]* data-md-color-scheme="(\w+)"', markup)
    assert scheme is not None
    assert scheme[1] == ("slate" if dark else "default")
    assert found["overflow"] <= 0
    if shutil.which("dot"):
        drawn = [words for words in found["drawn"] if words]
        assert len(drawn) == (2 if name == "pictures" else 0)
    assert "hush" not in markup  # the passwords of examples/inherited


@pytest.mark.browser
@pytest.mark.skipif(not BROWSER, reason="no Chromium here (apt-get install chromium)")
def test_the_search_works_from_disk(site: Site, tmp_path: Path) -> None:
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=15000",
         f"--user-data-dir={tmp_path}", "--dump-dom", f"{site.page_uri('index')}?q=AC409"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    links = re.findall(r'<a href="([^"]*)" class="md-search-result__link', done.stdout)
    assert any(re.search(r"reference/codes\.html(\?h=ac409)?#AC409$", link) for link in links)
