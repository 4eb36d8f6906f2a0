"""Views, pictures and notebooks in a real browser: legible, light or dark, wide or narrow."""

import json
import re
import shutil
import subprocess
from base64 import b64decode
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf import schema
from asterconf.display import html
from asterconf.display.blocks import page
from tests.test_notebooks import PASSWORDS, executed

pytestmark = pytest.mark.browser

DOT = shutil.which("dot") if find_spec("graphviz") else None

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

MEASURE = """
<script>
const SKIPPED = "script, style, title, .jp-InputPrompt, .jp-OutputPrompt, .md-header, .md-nav";
addEventListener("load", () => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  function rgba(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((x, n) => n < 3 ? x : x / 255);
  }
  function luminance(rgb) {
    const linear = x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = rgb.map(x => linear(x / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const blend = (over, below) => below.map((x, n) => over[n] * over[3] + x * (1 - over[3]));
  function paper(element) {
    const layers = [];
    for (let up = element; up; up = up.parentElement) {
      layers.unshift(rgba(getComputedStyle(up).backgroundColor));
    }
    const canvas = dark ? [18, 18, 18] : [255, 255, 255];
    return layers.reduce((below, over) => blend(over, below), canvas);
  }
  let worst = 21, culprit = "", seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || !element || element.closest(SKIPPED)) continue;
    if (!element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    let [r, g, b, alpha] = rgba(element.closest("svg") ? style.fill : style.color);
    for (let up = element; up; up = up.parentElement) alpha *= getComputedStyle(up).opacity;
    if (alpha === 0) continue;  // it shows when one points at it
    const below = paper(element), ink = blend([r, g, b, alpha], below);
    const [low, high] = [luminance(ink), luminance(below)].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    seen += 1;
    if (contrast < worst) [worst, culprit] = [contrast, node.data.trim().slice(0, 40)];
  }
  const found = {
    dark, seen, worst, culprit,
    scheme: document.body.dataset.mdColorScheme,
    overflow: document.documentElement.scrollWidth - innerWidth,
    tables: document.querySelectorAll("table").length,
    drawn: [...document.querySelectorAll("svg")].filter(s => s.getBoundingClientRect().width > 50)
      .map(s => s.querySelectorAll("text").length),
    images: [...document.querySelectorAll("img[src^='data:image/svg']")]
      .map(i => i.naturalWidth),
    links: [...document.querySelectorAll("svg a")].length,
    bars: [...document.querySelectorAll("progress")].map(bar => bar.position),
    scripts: document.querySelectorAll("script").length,
  };
  const note = document.createElement("pre");
  note.id = "found";
  note.textContent = JSON.stringify(found);
  document.body.append(note);
});
</script>
"""


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    return found


def look(browser: str, file: Path, *, width: int = 1300, dark: bool = False) -> tuple[Any, str]:
    """Open a page and return what was measured in it, and all of its markup as it stands then."""
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900"]
    command += [*scheme, "--virtual-time-budget=4000", f"--user-data-dir={file.parent / 'profile'}"]
    command += ["--allow-file-access-from-files"]
    done = subprocess.run(
        [*command, "--dump-dom", file.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-500:]
    return json.loads(unescape(found[1])), done.stdout


def no_secret(markup: str) -> None:
    for password in PASSWORDS:
        assert password not in markup


def changes(conf: asterconf.Config) -> list[object]:
    """Return what there is to see of a change of a configuration."""
    texts = {name: str(conf[name]) for name in conf.files}
    later, ours = dict(texts), dict(texts)
    for side, seconds in ((later, "25"), (ours, "35")):
        side["queues.conf"] += f"[support]\nstrategy = linear\ntimeout = {seconds}\n"
        side["pjsip_wizard.conf"] = texts["pjsip_wizard.conf"].replace("hush", f"hush-{seconds}")
    old, new, mine = map(asterconf.Config.from_texts, (texts, later, ours))
    found = asterconf.diff(old, new)
    merged = asterconf.merge(old, mine, new)
    assert merged.conflicts
    plan = asterconf.HomePBX.from_toml("examples/home.toml").rebuild("examples/inherited")
    rename = conf.rename(conf.extensions["201"], "front")
    return [found, *found, *found.edits, merged, *merged.conflicts, plan, rename]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write one page with every kind of view and picture, all of it unfolded."""
    conf = asterconf.load("examples/inherited")
    effective = conf.effective("queues.conf")
    things: list[object] = [
        conf, conf.sources, conf.sources["sip.conf"], conf.check(host_files=False),
        conf.check(host_files=False)[0], conf["pjsip.conf"], conf["pjsip.conf"].all("202")[1],
        conf["voicemail.conf"], conf["boxes.inc"], effective, effective["sales"],
        effective["sales"].option("strategy"), conf.endpoints, conf.extensions,
        conf.extensions["201"], conf.trunks["carrier"], conf.transports["udp"], conf.queues,
        conf.queues["sales"], conf.mailboxes, conf.mailboxes["201@default"], conf.dialplan,
        conf.dialplan["internal"], conf.dialplan["features"]["*71"],
        next(conf["pjsip.conf"].nodes), effective["sales"].items[0], conf.endpoints["201"],
        conf.dialplan["internal"].includes[0], schema.file("queues.conf"),
        asterconf.HomePBX.adopt(asterconf.load("examples/home")),
        conf.objects("pjsip.conf", "auth"), asterconf.parse("odd\n[a\n#no\n", name="odd.conf"),
    ]  # fmt: skip
    things += changes(conf)
    body = "<hr>".join(html(thing) for thing in things)
    if DOT:
        graphs = [conf.map(), conf.dialplan.graph(), conf.dialplan["internal"].graph()]
        body += "<hr>".join(graph.svg() for graph in graphs)
    file = tmp_path_factory.mktemp("gallery") / "gallery.html"
    text = page("gallery", body.replace("<details>", "<details open>") + MEASURE)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("width", [1300, 420])
@pytest.mark.parametrize("dark", [False, True])
def test_every_view_is_legible_on_any_page(
    browser: str, gallery: Path, width: int, dark: bool
) -> None:
    found, markup = look(browser, gallery, width=width, dark=dark)
    assert found["dark"] is dark
    assert found["seen"] > 1000
    assert found["tables"] > 30
    assert found["worst"] >= 4.5, found["culprit"]
    assert found["overflow"] <= 0
    assert found["scripts"] == 1  # the one that measures
    no_secret(markup)


def test_pictures_are_drawn_with_their_words_and_links(browser: str, gallery: Path) -> None:
    if not DOT:
        pytest.skip("Graphviz or its package is not installed")
    found, _ = look(browser, gallery)
    assert len(found["drawn"]) == 3
    assert all(words > 20 for words in found["drawn"])
    assert found["links"] > 60


@pytest.mark.parametrize(
    "name",
    [
        "build_home",
        "explore_inherited",
        "fleet",
        "keep_every_call",
        "provider_down",
        "review_change",
        "safe_pbx",
    ],
)
def test_an_exported_notebook_shows_tables_and_pictures_and_no_secret(
    browser: str, name: str, tmp_path: Path
) -> None:
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    exporter = nbconvert.HTMLExporter()
    exporter.exclude_input = True  # a reader of the page did not type the passwords
    body, _ = exporter.from_notebook_node(executed(name))
    file = tmp_path / f"{name}.html"
    file.write_text(body.replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    found, markup = look(browser, file)
    assert found["tables"] >= 3
    assert found["worst"] >= 4.5, found["culprit"]
    if name == "fleet":
        assert found["bars"] == [1, 1]
    if name in {"build_home", "explore_inherited"} and DOT:
        assert found["images"]
        assert all(width > 200 for width in found["images"])
    no_secret(markup)
    for picture in re.findall(r"data:image/svg\+xml;base64,([^\"]*)", markup):
        no_secret(b64decode(picture).decode())


# -- the site of the documentation ----------------------------------------------------------------

PAGES = (
    "index", "pictures", "notebooks", "check", "diff-and-plan",
    "reference/codes", "reference/schema/pjsip.conf",
)  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (400, True)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_site_is_legible_and_shows_what_it_has(
    browser: str, site_folder: Path, name: str, width: int, dark: bool
) -> None:
    text = (site_folder / f"{name}.html").read_text("utf-8")
    file = site_folder / f"{name}.measured.html"
    file.write_text(text.replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    found, markup = look(browser, file, width=width, dark=dark)
    assert found["dark"] is dark
    assert found["scheme"] == ("slate" if dark else "default")
    assert found["seen"] > 40
    assert found["worst"] >= 3.0, found["culprit"]  # the theme dims comments and titles so far
    assert found["overflow"] <= 0
    if name == "pictures" and DOT:
        assert found["drawn"]
        assert found["links"] > 3
    assert "hush-" not in markup


def test_the_search_works_from_disk(browser: str, site_folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=15000",
         f"--user-data-dir={tmp_path}", "--dump-dom",
         f"{(site_folder / 'index.html').as_uri()}?q=AC409"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    links = re.findall(r'<a href="([^"]*)" class="md-search-result__link', done.stdout)
    assert any(re.search(r"reference/codes\.html(\?h=ac409)?#AC409$", link) for link in links)
