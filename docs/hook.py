"""What MkDocs calls to make the pages that are printed from the library itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import (
    codes,
    countries,
    dialplan,
    grammars,
    migration,
    options,
    pictures,
    rules,
    versions,
)
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

__all__ = ["on_config", "on_files", "on_page_markdown"]

_EXAMPLES = Path(__file__).parents[1] / "examples"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of the schema into the navigation."""
    (reference,) = (part["Reference"] for part in config.nav or () if "Reference" in part)
    schema = next(part for part in reference if isinstance(part, dict) and "Schema" in part)
    pages = [{one.name: f"reference/schema/{one.name}.md"} for one in options.files()]
    schema["Schema"] = ["reference/schema/index.md", *pages]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, and the examples that pages link to."""
    for name, content in _pages():
        files.append(File.generated(config, f"reference/{name}.md", content=content))
    for one in sorted(_EXAMPLES.glob("*.toml")):
        files.append(File.generated(config, f"examples/{one.name}", content=one.read_bytes()))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Draw the pictures, and let links to the examples lead to their copies on the site."""
    return pictures.drawn(markdown.replace("](../examples/", "](examples/"))


def _pages() -> Iterator[tuple[str, str]]:
    yield "codes", codes.page()
    yield from ((f"rules/{code}", content) for code, content in rules.pages().items())
    yield "countries", countries.page()
    yield "grammars", grammars.page()
    yield "versions", versions.page()
    yield "sip", migration.page()
    yield "applications", dialplan.applications()
    yield "functions", dialplan.functions()
    yield "modelled", dialplan.modelled()
    yield "schema/index", options.index()
    for one in options.files():
        yield f"schema/{one.name}", options.page(one)
