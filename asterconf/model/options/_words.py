"""Words: those of a list of known ones, and texts that are taken as they are."""

from __future__ import annotations

import re

from asterconf.model.options._base import BadValueError, Kind, Value, quoted
from asterconf.model.options._lists import near, one_of
from asterconf.model.options._numbers import in_c_notation
from asterconf.model.values import CallerID
from asterconf.schema import OptionFacts
from asterconf.schema.posix import compile_posix
from asterconf.source import FALSE, TRUE, encode, fold

__all__ = ["KINDS"]


def _enum(facts: OptionFacts, text: str) -> Value:
    """Read one of the words of an option, in the schema's spelling."""
    raw = facts.raw
    words: list[str] = raw.get("values", [])
    exact = raw.get("case_sensitive", False)
    by_name = {word if exact else fold(word): word for word in words}
    if raw.get("also_bool") and fold(text) in TRUE | FALSE:
        return "yes" if fold(text) in TRUE else "no"
    if raw.get("also_false") and fold(text) in FALSE:
        return "no"
    found = by_name.get(text if exact else fold(text))
    if found is not None:
        synonym: str = raw.get("synonyms", {}).get(found, found)
        return synonym
    if not text and "empty" in raw:
        return str(raw["empty"])
    if raw.get("open"):
        return text
    number = in_c_notation(text) if raw.get("also") else None
    if number is not None:
        low, high = raw.get("range", (None, None))
        if low is None or low <= number <= high:
            return number
        raise BadValueError(f"must be from {low} to {high}, not {text}")
    known = ["yes", "no", *words] if raw.get("also_bool") else list(words)
    known = list(dict.fromkeys(["a number", *known] if raw.get("also") else known))
    raise BadValueError(f"must be {one_of(known)}, not {quoted(text)}", near=near(text, known))


def _enum_word(_facts: OptionFacts, value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _string(facts: OptionFacts, text: str) -> Value:
    raw = facts.raw
    if "/regex/" in raw.get("form", ""):
        return _regex(facts, text)
    if raw.get("dialplan_only") and facts.object != "menu":  # observed
        raise BadValueError("can only be set in the dialplan, by CONFBRIDGE()")
    if not text and raw.get("nonempty"):
        raise BadValueError("must not be empty")
    if (pattern := raw.get("pattern")) and re.search(pattern, text, re.ASCII) is None:
        bad = next((c for c in text if re.search(pattern, c, re.ASCII) is None), text)
        raise BadValueError(f"must not hold {bad!r}: {quoted(text)}")
    most = raw.get("maxlen")
    if most is not None and len(encode(text)) > most:
        kept = encode(text)[:most].decode("utf-8", "surrogateescape")
        raise BadValueError(f"has more than {most} bytes, the rest is cut off", instead=kept)
    return text


def _text(_facts: OptionFacts, value: object) -> str:
    return str(value)


def _regex(facts: OptionFacts, text: str) -> Value:
    """Read a regular expression, or for a match one that stands between slashes."""
    pattern = text
    if facts.type != "regex":
        found = re.fullmatch(r"/(.*)/", text, re.DOTALL)
        if found is None:
            return text
        pattern = found[1]
    try:
        compile_posix(pattern)
    except (re.error, OverflowError):
        raise BadValueError(f"is no regular expression: {quoted(pattern)}") from None
    return text


def _header(facts: OptionFacts, text: str) -> Value:
    """Read `Header: text` or `Header: /regex/`.

    Source: res/res_pjsip_endpoint_identifier_ip.c, ip_identify_apply.
    """
    name, colon, value = text.partition(":")
    if text and not colon:
        raise BadValueError(f"must be written Header: text, not {quoted(text)}")
    if text and not name.strip(" \t"):
        raise BadValueError(f"names no header: {quoted(text)}")
    _regex(facts, value.strip(" \t"))
    return text


def _ignored(_facts: OptionFacts, text: str) -> Value:
    return text


_TEXT = Kind(_string, _text, (str,), "text")

KINDS: dict[str, Kind] = {
    "enum": Kind(_enum, _enum_word, (str, int, bool), "a word"),
    "callerid": Kind(lambda _, text: CallerID.parse(text), _text, (CallerID,), "a caller id"),
    "regex": Kind(_regex, _text, (str,), "text"),
    "header_match": Kind(_header, _text, (str,), "text"),
    "ignored": Kind(_ignored, _text, (str,), "text"),
    **dict.fromkeys(
        (
            "string", "name", "sound", "file", "dir", "dtmf", "command", "strftime", "template",
            "pattern", "dialplan", "app_map", "app_call", "register", "tonelist", "filter", "url",
            "mac", "fqdn", "format", "module", "address", "address_port", "address_or_host",
            "host_port", "noop",
        ),
        _TEXT,
    ),
}  # fmt: skip
"""How each type of word is read and written."""
