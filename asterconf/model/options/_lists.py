"""Lists: of names, codecs, networks, groups and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from asterconf import schema
from asterconf.model.options._base import BadValueError, Kind, Value, quoted
from asterconf.model.options._nets import check_match, check_network, check_uri
from asterconf.model.options._numbers import in_c_notation
from asterconf.schema import OptionFacts
from asterconf.source import FALSE, TRUE, fold

__all__ = ["KINDS", "codec_words", "left_codecs"]

_NO_EMPTY_RULES = {("pjsip.conf", "acl"), ("acl.conf", "named_acl")}
_HEX_LENGTH = {"MD5": 32, "SHA-256": 64, "SHA-512-256": 64}


def _cut(facts: OptionFacts, text: str) -> list[str]:
    sep = facts.raw.get("sep", ",")
    if also := facts.raw.get("also_sep"):
        text = text.replace(also, sep)
    parts = text.split() if sep == "blank" else text.split(sep)
    return [part.strip(" \t") for part in parts]


def near(word: str, words: Iterable[str]) -> str:
    """Return the nearest word, if one is near; else nothing."""
    by_lower = {w.lower(): w for w in words}
    found = get_close_matches(word.lower(), by_lower, 1, 0.75)
    return by_lower[found[0]] if found else ""


def one_of(words: Iterable[str]) -> str:
    """Return words as a sentence lists them."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _list(facts: OptionFacts, text: str) -> Value:
    raw = facts.raw
    items = _cut(facts, text) if text else []
    if raw.get("item") != "host[:port]":  # an empty one makes a contact there
        items = [item for item in items if item]
    if raw.get("item") == "enum":
        return _words(facts, items)
    if raw.get("item") == "uint":
        return tuple(_number(item) for item in items)
    check = {"sip_uri": check_uri, "address[/mask] or host[:port]": check_match}.get(
        raw.get("item", "")
    )
    for item in items if check else ():
        check(item)  # type: ignore[misc]
    if any(ref.object == "named_acl" for ref in facts.references):
        twice = next((item for n, item in enumerate(items) if item in items[:n]), None)
        if twice is not None:
            raise BadValueError(f"names {twice!r} twice")
    most = raw.get("max_items")
    if most is not None and len(items) > most:
        kept = tuple(items[:most])
        raise BadValueError(f"takes {most} items, the others are not used", instead=kept)
    return tuple(items)


def _number(item: str) -> int:
    number = in_c_notation(item)
    if number is None or number < 0:
        raise BadValueError(f"must be whole numbers, not {quoted(item)}")
    return number


def _words(facts: OptionFacts, items: list[str]) -> Value:
    """Check a list of known words; each counts once."""
    words = {fold(word): word for word in facts.raw["values"]}
    if facts.raw.get("also_bool"):
        words |= dict.fromkeys(TRUE, "yes") | dict.fromkeys(FALSE, "no")
    bad = next((item for item in items if fold(item) not in words), None)
    good = tuple(dict.fromkeys(words[fold(item)] for item in items if fold(item) in words))
    if bad is not None:
        known = one_of(facts.raw["values"])
        dropped = facts.raw.get("on_bad") in {"warn_item", "ignore_item"}
        raise BadValueError(
            f"must be {known}, not {quoted(bad)}",
            instead=good if dropped else None,
            near=near(bad, facts.raw["values"]),
        )
    return good


def codec_words(text: str) -> Iterator[str]:
    """Yield the items of `allow` or `disallow`, as they are written."""
    for part in re.split("[,|]", text):
        yield part.strip(" \t")


def _codecs(facts: OptionFacts, text: str) -> Value:
    """Check each codec of one line; what several lines make together is `left_codecs`.

    Source: main/format_cap.c, ast_format_cap_update_by_allow_disallow.
    """
    if not text and facts.raw.get("acts_on"):
        return ()
    words = list(codec_words(text))
    for word in words:
        name, colon, size = word.removeprefix("!").partition(":")
        if fold(name) not in schema.codecs() and fold(name) != "all":
            known = near(name, schema.codecs())
            raise BadValueError(f"names no codec: {quoted(word)}", near=known)
        if colon and size and not re.match(r"[ \t]*\+?[0-9]+", size):
            raise BadValueError(f"has no packet length in milliseconds: {quoted(word)}")
    return tuple(fold(word) for word in words)


def left_codecs(lines: Iterable[tuple[bool, Iterable[str]]]) -> tuple[str, ...]:
    """Return what `allow` (true) and `disallow` lines leave, in order of preference.

    Once `all` is allowed, it stays as a word, and what is taken away follows as `!name`.

    Source: main/format_cap.c, ast_format_cap_update_by_allow_disallow.
    """
    words: list[str] = []
    for allows, items in lines:
        for item in items:
            word = fold(item)
            allowed = word.startswith("!") != allows
            name = word.removeprefix("!")
            if name == "all":
                words = [*(w for w in words if w[0] != "!"), "all"] if allowed else []
            elif name:
                same = [w for w in words if _codec(w) == _codec(name)]
                words = [w for w in words if w not in same or (allowed and w == name)]
                if allowed and name not in words:
                    words.append(name)
                elif not allowed and "all" in words:
                    words.append(f"!{name}")
    return tuple(dict.fromkeys(words))


def _codec(word: str) -> str:
    """Return the codec's bare name, without `!` and packet length."""
    return word.removeprefix("!").partition(":")[0]


def _allow(_facts: OptionFacts, value: tuple[str, ...]) -> str:
    """Return the value of `allow`; `!all` undoes what a template allows."""
    return ",".join(value if "all" in value else ("!all", *value))


def _acl(facts: OptionFacts, text: str) -> Value:
    """Read networks; blanks between them are not allowed.

    An empty text is none where that was observed to be fine, else a bad address.
    """
    refused = (facts.file, facts.object) in _NO_EMPTY_RULES
    items = text.split(",") if text or refused else []
    for item in items:
        check_network(item.removeprefix("!"))
    return tuple(items)


def _groups(_facts: OptionFacts, text: str) -> Value:
    """Read call groups; what is no number from 0 to 63 is skipped.

    Source: main/channel.c, ast_get_group.
    """
    numbers: set[int] = set()
    bad = ""
    for item in text.split(",") if text else ():
        found = re.fullmatch(r"[ \t]*([0-9]+)(?:-([0-9]+))?[ \t]*", item)
        low = int(found[1]) if found else 64
        high = int(found[2] or found[1]) if found else 64
        if found is None or low > 63 or high > 63 or low > high:
            bad = bad or item
        numbers.update(range(low, min(high, 63) + 1))
    if bad:
        left = tuple(sorted(numbers - {64}))
        raise BadValueError(f"must be numbers from 0 to 63, not {quoted(bad)}", instead=left)
    return tuple(sorted(numbers))


def _group_text(_facts: OptionFacts, value: tuple[int, ...]) -> str:
    runs: list[list[int]] = []
    for number in sorted(value):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)


def _name_value(facts: OptionFacts, text: str) -> Value:
    """Read one setting a line, or several where the option has a separator."""
    if facts.raw.get("sep"):
        return tuple(item for item in _cut(facts, text) if item)
    if text and "=" not in text:
        raise BadValueError(f"must be written NAME=value, not {quoted(text)}")
    return text


def _joined(facts: OptionFacts, value: object) -> str:
    sep = facts.raw.get("sep", ",")
    if isinstance(value, tuple):
        return (" " if sep == "blank" else sep).join(map(str, value))
    return str(value)


def _fields(facts: OptionFacts, text: str) -> Value:
    """Read the positions of a line, as they are written; the last one takes what is left over."""
    count = len(facts.raw["fields"])
    sep = facts.raw.get("sep", ",")
    if (also := facts.raw.get("also_sep")) and sep not in text:
        sep = also
    parts = text.split(None, count - 1) if sep == "blank" else text.split(sep, count - 1)
    missing = [f["name"] for f in facts.raw["fields"][len(parts) :] if f.get("required")]
    empty = [
        f["name"]
        for f, part in zip(facts.raw["fields"], parts, strict=False)
        if f.get("required") and not part.strip(" \t")
    ]
    if missing or empty:
        raise BadValueError(f"has no {(empty + missing)[0]}: {quoted(text)}")
    return tuple(parts)


def _preferences(facts: OptionFacts, text: str) -> Value:
    """Read codec preferences; a key that is not known is passed over.

    Source: main/stream.c, ast_stream_codec_prefs_parse.
    """
    for item in text.split(",") if text.strip(" \t") else ():
        found = re.match(r"([^ :]*)[ :]*([^ :]*)", item.strip(" \t"))
        if item.strip(" \t") and not re.search(r"[ :]", item.strip(" \t")):
            raise BadValueError(f"must be pairs such as prefer: pending, not {quoted(item)}")
        key, word = (fold(part) for part in found.groups()) if found else ("", "")
        words = facts.raw["keys"].get(key)
        if words is None:
            continue
        if word not in words or word in facts.raw.get("forbidden", {}).get(key, ()):
            allowed = [w for w in words if w not in facts.raw.get("forbidden", {}).get(key, ())]
            raise BadValueError(f"must have {key}: {one_of(allowed)}, not {quoted(word)}")
    return text


def _digests(facts: OptionFacts, text: str) -> Value:
    """Check the lengths of digests; an empty text sets none.

    Source: res/res_pjsip/config_auth.c, password_digest_handler.
    """
    only = facts.name == "md5_cred"
    items = [text] if only else [part for part in text.split(",") if part.strip(" \t")]
    for item in items if text else []:
        name, colon, digits = item.strip(" \t").partition(":")
        if only:
            name, digits = "MD5", item
        elif not colon or name.upper() not in _HEX_LENGTH:
            raise BadValueError("must be MD5:, SHA-256: or SHA-512-256: and the digest in hex")
        if len(digits) != _HEX_LENGTH[name.upper()]:
            size = _HEX_LENGTH[name.upper()]
            raise BadValueError(f"must have {size} hex digits for {name}, not {len(digits)}")
    return text


_TEXTS = (str,)

KINDS: dict[str, Kind] = {
    "list": Kind(_list, _joined, (tuple,), "a list", (str, int)),
    "codecs": Kind(_codecs, _allow, (tuple,), "a list of codecs", _TEXTS),
    "acl": Kind(_acl, _joined, (tuple,), "a list of networks", _TEXTS),
    "groups": Kind(_groups, _group_text, (tuple,), "a list of numbers", (int,)),
    "name=value": Kind(_name_value, _joined, (str, tuple), "text such as NAME=value", _TEXTS),
    "fields": Kind(_fields, _joined, (tuple,), "a list of texts", _TEXTS),
    "codec_prefs": Kind(_preferences, lambda _, value: str(value), _TEXTS, "text"),
    "digest_list": Kind(_digests, lambda _, value: str(value), _TEXTS, "text"),
}
"""How each type of list is read and written."""
