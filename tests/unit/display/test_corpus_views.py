"""Views and pictures of real configurations, where there are any: none fails, none is odd."""

from pathlib import Path

import asterconf
from asterconf.display import html
from tests.unit.display.markup import Markup

EVERY = 8
"""One folder of so many is looked at; all of them take half a minute."""


def test_real_configurations_have_views_and_pictures(corpus: Path) -> None:
    files = (p for p in corpus.rglob("*") if p.name.removesuffix(".sample").endswith(".conf"))
    folders = sorted({file.parent for file in files if file.is_file()})
    assert len(folders) > 500
    for folder in folders[::EVERY]:
        conf = asterconf.load(folder)
        Markup(html(conf))
        for name in conf.files:
            Markup(html(conf[name]))
            Markup(html(conf.effective(name)))
        (conf.map().dot() + conf.dialplan.graph().mermaid()).encode()
