"""What docs/pictures.md shows is what is drawn."""

import re
from pathlib import Path

import asterconf


def test_the_chart_on_the_page_is_the_one_of_its_example() -> None:
    page = Path("docs/pictures.md").read_text()
    drawn = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)
    example = re.search(r'"extensions.conf": """\\\n(.*?)"""', page, re.DOTALL)
    assert drawn
    assert example
    conf = asterconf.Config.from_texts({"extensions.conf": example[1]})
    assert conf.dialplan.graph().mermaid() == drawn[1]
