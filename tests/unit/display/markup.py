"""Reads the HTML of a view as a browser would, and complains where it is not well made."""

from html.parser import HTMLParser

VOID = {"meta", "br", "hr"}
KNOWN = {
    "details", "summary", "div", "table", "thead", "tbody", "tr", "th", "td", "span", "pre",
}  # fmt: skip


class Markup(HTMLParser):
    """The words, tables and attributes of a piece of HTML.

    Attributes:
        words: all text, as a person reads it.
        tables: each table as rows of cells.
        styles: every style that is used.
        titles: every text that shows when one points at something.
        folded: the summaries of what is not open.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.tables: list[list[list[str]]] = []
        self.styles: set[str] = set()
        self.titles: set[str] = set()
        self.folded: list[str] = []
        self._open: list[str] = []
        self._closed_details = False
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN, f"<{tag}> in a view"
        for name, value in attrs:
            assert name in {"style", "title", "open"}, f"{name}={value!r}"
            if name == "style":
                self.styles.add(str(value))
            if name == "title":
                self.titles.add(str(value))
        if tag == "details":
            self._closed_details = "open" not in dict(attrs)
        elif tag == "summary" and self._closed_details:
            self.folded.append("")
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag
        if tag == "summary":
            self._closed_details = False

    def handle_data(self, data: str) -> None:
        self.words += data
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data
        if "summary" in self._open and self._closed_details:
            self.folded[-1] += data
