"""How the value of each type of option is read from text and written as text.

The names of the types are those of `OptionFacts.type`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from asterconf import schema
from asterconf._lazy import LazyModule
from asterconf.language import sip_uri
from asterconf.language.posix import RegexError, TooCostlyError, compile_regex
from asterconf.schema import OptionFacts
from asterconf.source import FALSE, TRUE, comparable, fold

if TYPE_CHECKING:
    import ipaddress
else:
    ipaddress = LazyModule("ipaddress")

PlainValue = bool | int | float | str | tuple[Any, ...]
"""What the value of an option is, unless it is a secret, a caller id or a setting."""


class BadValueError(Exception):
    """A text is not a valid value of its option. Caught in `options`, never shown to a user.

    Attributes:
        problem: what is wrong, as the end of a sentence.
        instead: the value that the reader uses then, where that does not depend on the option.
        number: the number that was read, where it is out of range.
        near: the known word nearest to the text, if one is near.
    """

    def __init__(
        self,
        problem: str,
        instead: PlainValue | None = None,
        *,
        number: float | None = None,
        near: str = "",
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.instead = instead
        self.number = number
        self.near = near


@attrs.frozen
class OptionType:
    """How one type of option is read and written.

    Attributes:
        read: returns the value of a text, or raises `BadValueError`.
        write: returns the text of a value.
        python: the classes that a value may have.
        wanted: the same in words, as messages name it.
        items: for tuples, the classes of their items.
    """

    read: Callable[[OptionFacts, str], Any]
    write: Callable[[OptionFacts, Any], str]
    python: tuple[type, ...]
    wanted: str
    items: tuple[type, ...] = ()


def quoted(text: str) -> str:
    """Return a text as messages quote it; a very long one is cut."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def one_of(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the known word nearest to `word`; empty if none is near."""
    by_lower = {w.lower(): w for w in words}
    found = get_close_matches(word.lower(), by_lower, 1, 0.75)
    return by_lower[found[0]] if found else ""


def _as_text(_facts: OptionFacts, value: object) -> str:
    """Write any value whose text is `str()` of it; a flag is `yes` or `no`."""
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


# Numbers

_C = re.compile(r"[ \t]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_DIGITS = re.compile(r"[\t-\r ]*([+-]?[0-9]+)")
_DOUBLE = re.compile(
    r"[ \t]*[+-]?(?:nan|inf(?:inity)?|0x[0-9a-f]+(?:\.[0-9a-f]*)?(?:p[+-]?[0-9]+)?"
    r"|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)",
    re.IGNORECASE,
)
_WHOLE = "a whole number"
_UINT_MAX = 4294967295
_INT_MAX = 2147483647
_DSCP = {
    **{f"cs{n}": n * 32 for n in range(8)},
    **{f"af{c}{d}": c * 32 + d * 8 for c in range(1, 5) for d in range(1, 4)},
    "ef": 184,
}
_DSCP_NAMES = {number: name for name, number in _DSCP.items() if number}


def in_c_notation(text: str) -> int | None:
    """Return the number that the whole text is in C notation: `010` is 8, `0x10` is 16.

    Source: main/config.c, ast_parse_arg.
    """
    found = _C.fullmatch(text)
    if found is None:
        return None
    digits = found[2].lower()
    number = int(digits, 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10)
    return -number if found[1] == "-" else number


def _limits(facts: OptionFacts, low: int | None, high: int | None) -> tuple[float, float]:
    first, last = facts.raw.get("range") or (None, None)
    if facts.raw.get("range_checked") is False:
        first = last = None
    minimum = facts.raw.get("minimum")
    first = minimum if isinstance(minimum, int) else first
    lowest = [n for n in (low, first) if n is not None]
    highest = [n for n in (high, last) if n is not None]
    return max(lowest, default=float("-inf")), min(highest, default=float("inf"))


def _within(
    facts: OptionFacts, number: float, low: int | None, high: int | None, text: str
) -> None:
    """Raise if a number is out of its range."""
    least, most = _limits(facts, low, high)
    if not (number < least or number > most):  # not a number is in every range
        fixed = facts.raw.get("fixed")
        if fixed is not None and number != fixed:
            raise BadValueError(f"is always {fixed}, not {text}", instead=fixed)
        return
    raise BadValueError(f"must be {_span(least, most)}, not {text.strip()}", number=number)


def _span(least: float, most: float) -> str:
    if most == float("inf"):
        return f"{least:.0f} or more"
    return f"{most:.0f} or less" if least == float("-inf") else f"from {least:.0f} to {most:.0f}"


def _parse_arg(low: int, high: int) -> OptionType:
    def read(facts: OptionFacts, text: str) -> PlainValue:
        """Read a whole number in C's notation, within its limits."""
        number = in_c_notation(text)
        if number is None or (low >= 0 and "-" in text):
            least, most = _limits(facts, low, high)
            everything = ((-_INT_MAX - 1, _INT_MAX), (0, _UINT_MAX))
            span = "" if (least, most) in everything else f" {_span(least, most)}"
            raise BadValueError(f"must be a whole number{span}, not {quoted(text)}{_why(text)}")
        _within(facts, number, low, high, text)
        return number

    return OptionType(read, _as_text, (int,), _WHOLE)


def _why(text: str) -> str:
    """Explain a common mistake about C notation; empty if there is none."""
    if re.fullmatch(r"0[0-9]+", text):
        return ", where a leading 0 means octal"
    return ", which has a unit" if re.fullmatch(r"[0-9]+ *[a-zA-Z]+", text) else ""


def _leading(text: str) -> int | None:
    """Return the integer that a text starts with after white space, as an `int` of C."""
    found = _DIGITS.match(text)
    return (int(found[1]) + 2**31) % 2**32 - 2**31 if found else None


def _only_digits(facts: OptionFacts, text: str, number: int) -> PlainValue:
    """Return the number, if it is in range and nothing follows its digits."""
    _within(facts, number, None, None, text)
    found = _DIGITS.match(text)
    if text[found.end() if found else 0 :].strip(" \t"):
        raise BadValueError(f"is read as {number}, not as {quoted(text)}", instead=number)
    return number


def _atoi(facts: OptionFacts, text: str) -> PlainValue:
    """Read as C `atoi`: what has no digits is 0."""
    return _only_digits(facts, text, _leading(text) or 0)


def _scan(facts: OptionFacts, text: str) -> PlainValue:
    """Read as `sscanf("%d")` or `sscanf("%u")`; a text without digits is a bad value."""
    number = _leading(text)
    if number is None:
        raise BadValueError(f"must be a whole number, not {quoted(text)}")
    return _only_digits(facts, text, number % 2**32 if facts.type[0] == "u" else number)


def _double(facts: OptionFacts, text: str) -> PlainValue:
    found = _DOUBLE.fullmatch(text)
    if found is None:
        unit = ", which has a unit" if re.fullmatch(r"[0-9.]+ *[a-zA-Z]+", text) else ""
        raise BadValueError(f"must be a number such as 3.0, not {quoted(text)}{unit}")
    word = text.strip(" \t").lower()
    number = float.fromhex(word) if "0x" in word else float(word)
    _within(facts, number, None, None, text)
    return number


def _bool(facts: OptionFacts, text: str) -> PlainValue:
    """Read as `ast_true`: an unknown word is no, or yes where only the words of no are tested."""
    word = fold(text)
    if word in TRUE or word in FALSE:
        return word in TRUE
    otherwise = facts.raw.get("true_unless") == "false_word"
    counts = f"counts as {'yes' if otherwise else 'no'}"
    raise BadValueError(
        f"{counts}, because {quoted(text)} is neither yes nor no", instead=otherwise
    )


def _bool_or_number(facts: OptionFacts, text: str) -> PlainValue:
    number = in_c_notation(text)
    if number is None and facts.file != "confbridge.conf":
        number = _leading(text)
    if number is not None:
        _within(facts, number, 0 if facts.type == "bool_or_uint" else None, None, text)
        return number
    return _bool(facts, text)


def _tos(facts: OptionFacts, text: str) -> PlainValue:
    """Read a type of service: a byte, of a transport without the last two bits.

    Source: main/acl.c, ast_str2tos; observed: `pjsip show transport`, `pjsip show endpoint` and
    what chan_iax2 logs.
    """
    number = _DSCP.get(fold(text))
    found = _C.match(text) if number is None else None
    if found is not None:
        number = in_c_notation(found[0])
    if number is None:
        raise BadValueError(f"must be a number, cs0 to cs7, af11 to af43 or ef, not {quoted(text)}")
    kept = number & (0xFC if facts.object == "transport" else 0xFF)
    if found is not None and found.end() != len(text):
        raise BadValueError(f"is read as {kept}, not as {quoted(text)}", instead=kept)
    if kept != number:
        raise BadValueError(f"is {kept}, because {text} has bits that are not used", instead=kept)
    return kept


def _tos_word(_facts: OptionFacts, value: int) -> str:
    return _DSCP_NAMES.get(value, str(value))


def _range(_facts: OptionFacts, text: str) -> PlainValue:
    found = re.match(r"([0-9]+)-([0-9]+)", text)
    if found is None or int(found[1]) > int(found[2]) or int(found[1]) == 0:
        raise BadValueError(f"must be two numbers such as 701-750, not {quoted(text)}")
    return int(found[1]), int(found[2])


def _range_text(_facts: OptionFacts, value: tuple[int, int]) -> str:
    return "-".join(map(str, value))


# Addresses

_PORT = re.compile(r"(?:\[(?P<six>[^\]]*)\]|(?P<four>[^:]*))(?::(?P<port>[0-9]*))?")
_C_ADDRESS = re.compile(r"(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){0,3}")


@lru_cache(1024)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a numeric address; IPv4 also in the short forms of C: `10.1` is 10.0.0.1."""
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        from socket import inet_aton

        return ipaddress.IPv4Address(inet_aton(text)) if _C_ADDRESS.fullmatch(text) else None
    except OSError:
        return None


def check_network(text: str, *, port: bool = False) -> None:
    """Raise unless `text` is an address with an optional mask: its length, or dotted.

    A length is read as far as it is one; a port stands behind the address where `port` is. Each
    form was run on 22.10.1.

    Source: main/acl.c, ast_append_ha_with_port.
    """
    address, slash, mask = text.partition("/")
    behind = _PORT.fullmatch(address) if port and _address(address) is None else None
    found = _address((behind["six"] or behind["four"]) if behind else address)
    if found is None:
        blank = ", without blanks" if " " in text else ""
        wanted = f"must be addresses such as 10.0.0.0/8 with commas between{blank}"
        raise BadValueError(f"{wanted}, not {quoted(text)}")
    if not slash:
        return
    if re.search("[.:]", mask):
        other = _address(mask)
        if other is not None and other.version == found.version:
            return
    else:
        length = re.match(r"[ \t]*\+?([0-9]+)", mask)
        if length is not None and int(length[1]) <= found.max_prefixlen:
            return
    raise BadValueError(f"has no mask of 0 to {found.max_prefixlen} bits: {quoted(text)}")


def check_match(text: str) -> None:
    """Raise unless `text` is a network, or may be a host name with an optional port.

    Source: res/res_pjsip_endpoint_identifier_ip.c, ip_identify_match_handler.
    """
    if "/" in text:
        check_network(text.removeprefix("!"), port=True)
    elif re.search(r"[\s!<>\"@]", text):
        raise BadValueError(f"must be an address, a network or a host, not {quoted(text)}")


def check_contact(text: str) -> None:
    """Raise unless `text` looks like a SIP URI: Asterisk reads no more of a contact at load.

    Source: res/res_pjsip.c, ast_sip_validate_uri_length.
    """
    if re.match(r"<?sips?:", text, re.IGNORECASE) is None:
        raise BadValueError(f"must begin with sip: or sips:, not {quoted(text)}")
    if text[0] == "<" and text[-1] != ">":
        raise BadValueError("has no > at its end")
    host = re.match(r"<?sips?:(?:[^@]*@)?(.*)", text, re.IGNORECASE | re.DOTALL)
    if host is not None and host[1][:1] == "[" and "]" not in host[1]:
        raise BadValueError("has no ] behind its address")


def _uri(_facts: OptionFacts, text: str) -> PlainValue:
    try:
        if text:
            sip_uri.parse(text)
    except sip_uri.SipUriError as error:
        raise BadValueError(str(error)) from None
    return text


_PARAM_WORD = r"[A-Za-z0-9.!%*_`'~+&-]+"
_HEADER_PARAMS = re.compile(rf'{_PARAM_WORD}(?:=(?:{_PARAM_WORD}|"(?:[^"\\]|\\.)*")?)?')


def _header_params(_facts: OptionFacts, text: str) -> PlainValue:
    """Read parameters of a header, `a=b;c`, without a `;` before the first; observed."""
    end = -1
    while end < len(text) and text:
        found = _HEADER_PARAMS.match(text, end + 1)
        if found is None or text[found.end() : found.end() + 1] not in {"", ";"}:
            raise BadValueError(f"must be parameters of a header such as a=b;c, not {quoted(text)}")
        end = found.end()
    return text


def _with_port(_facts: OptionFacts, text: str) -> PlainValue:
    """Read an address or host name with an optional port; empty: no address."""
    if text and _address(text) is None:
        found = _PORT.fullmatch(text)
        host = (found["six"] or found["four"] or "") if found else ""
        if found is None or re.fullmatch(r"[^\s<>\"@]+", host) is None:
            raise BadValueError(f"must be an address such as 192.0.2.1:5060, not {quoted(text)}")
        if int(found["port"] or 0) > 65535:
            raise BadValueError(f"has a port above 65535: {quoted(text)}")
    return text


def _numeric(facts: OptionFacts, text: str) -> PlainValue:
    """Read a numeric address with an optional port."""
    found = _PORT.fullmatch(text)
    if _address(text) is None and (
        found is None or _address(found["six"] or found["four"]) is None
    ):
        raise BadValueError(f"must be an address such as 192.0.2.1:5060, not {quoted(text)}")
    return _with_port(facts, text)


# Lists

_CIPHER = re.compile(
    r"[A-Z0-9]+(?:-[A-Z0-9]+)+|TLS_(?:AES_(?:128|256)_[GC]CM(?:_8)?|CHACHA20_POLY1305)_SHA(?:256|384)"
    r"|0[xX][0-9a-fA-F]+|[0-9]{1,5}|DEFAULT|@SECLEVEL=[0-5]"
)
"""What may be the name of a cipher, or its number. Whether OpenSSL has it, only a machine knows."""
_NO_EMPTY_RULES = {("pjsip.conf", "acl"), ("acl.conf", "named_acl")}
_HEX_LENGTH = {"MD5": 32, "SHA-256": 64, "SHA-512-256": 64}


def _cut(facts: OptionFacts, text: str) -> list[str]:
    sep = facts.raw.get("sep", ",")
    if also := facts.raw.get("also_sep"):
        text = text.replace(also, sep)
    if "actions" in facts.raw:  # their own commas stand in brackets
        parts = re.split(r",(?![^(]*\))", text)
    else:
        parts = text.split() if sep == "blank" else text.split(sep)
    return [part.strip(" \t") for part in parts]


def _list(facts: OptionFacts, text: str) -> PlainValue:
    raw = facts.raw
    items = _cut(facts, text) if text else []
    if raw.get("item") != "host[:port]":  # an empty one makes a contact there
        items = [item for item in items if item]
    if raw.get("item") == "enum":
        return _words(facts, items)
    if raw.get("item") == "uint":
        return tuple(_number(item) for item in items)
    if raw.get("not_only_separators") and text and not items:
        raise BadValueError("must name a group")
    for item in items:
        _check_item(raw.get("item", ""), item)
    if any(ref.object == "named_acl" for ref in facts.references):
        twice = next((item for n, item in enumerate(items) if item in items[:n]), None)
        if twice is not None:
            raise BadValueError(f"names {twice!r} twice")
    if known := raw.get("known") or raw.get("actions"):
        _check_known(items, known)
    if raw.get("item") == "level":
        _check_levels(items, raw["values"])
    most = raw.get("max_items")
    if most is not None and len(items) > most:
        kept = tuple(items[:most])
        raise BadValueError(f"takes {most} items, the others are not used", instead=kept)
    return tuple(items)


def _check_item(kind: str, item: str) -> None:
    """Check one item of a list by what the schema says that it is."""
    if kind == "sip_uri":
        check_contact(item)
    elif kind == "cipher" and not _CIPHER.fullmatch(item):
        raise BadValueError(
            f"must be names of ciphers as OpenSSL writes them, such as AES128-SHA, "
            f"not {quoted(item)}"
        )
    elif kind == "address[/mask] or host[:port]":
        check_match(item)


def _check_known(items: list[str], known: list[str]) -> None:
    """Check that each item is known; the reader passes over the others."""
    names = [_head(one) for one in known]
    good = tuple(item for item in items if _head(item) in names)
    for item in items:
        if _head(item) not in names:
            problem = f"names {quoted(item)}, which does not exist"
            near = nearest(item, names)
            raise BadValueError(problem, good or None, near=near + "...)" * near.endswith("("))


def _head(item: str) -> str:
    """Return an item in small letters, without what stands in its brackets."""
    name, opened, _ = fold(item).partition("(")
    return name + opened


def _check_levels(items: list[str], known: list[str]) -> None:
    """Check that no level of the log is misspelt: modules may bring others than these."""
    names = [re.sub(r"^\[\w+\]\s*|\(.*\)$", "", item) for item in items]
    for name in names:
        near = nearest(name, known)
        if near and fold(name) not in map(fold, known):
            good = tuple(one for one, its in zip(items, names, strict=True) if its != name)
            problem = f"names the level {quoted(name)}, of which nothing is known"
            raise BadValueError(problem, good, near=near.lower())


def _number(item: str) -> int:
    number = in_c_notation(item)
    if number is None or number < 0:
        raise BadValueError(f"must be whole numbers, not {quoted(item)}")
    return number


def _words(facts: OptionFacts, items: list[str]) -> PlainValue:
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
            near=nearest(bad, facts.raw["values"]),
        )
    return good


def codec_words(text: str) -> Iterator[str]:
    """Yield the items of `allow` or `disallow`, as they are written.

    A list in brackets, as Asterisk prints it, stands for itself alone: what was allowed before it
    is gone, or behind `disallow` all is allowed. Observed on 22.10.1.
    """
    if text.startswith("(") and text.endswith(")"):
        yield "!all"
        text = text[1:-1]
    for part in re.split("[,|]", text):
        yield part.strip(" \t")


def _codecs(facts: OptionFacts, text: str) -> PlainValue:
    """Check each codec of one line; `merge_codecs` combines several lines.

    Source: main/format_cap.c, ast_format_cap_update_by_allow_disallow.
    """
    if not text and facts.raw.get("acts_on"):
        return ()
    words = list(codec_words(text))
    for word in words:
        name, colon, size = word.removeprefix("!").partition(":")
        if fold(name) not in schema.codecs() and fold(name) != "all":
            known = nearest(name, schema.codecs())
            raise BadValueError(f"has an unknown codec: {quoted(word)}", near=known)
        if ":" in size:
            raise BadValueError(f"has two packet lengths: {quoted(word)}")
        if colon and size and not re.match(r"[ \t]*\+?[0-9]+", size):
            raise BadValueError(f"has no packet length in milliseconds: {quoted(word)}")
    return tuple(fold(word) for word in words)


def _format(facts: OptionFacts, text: str) -> PlainValue:
    """Check the format of music on hold, which is the name of a codec; observed.

    That of a message in voicemail is the ending of a file, of which no list is complete.
    """
    if facts.file == "musiconhold.conf" and text and fold(text) not in schema.codecs():
        near = nearest(text, schema.codecs())
        raise BadValueError(f"must be a codec such as slin, not {quoted(text)}", near=near)
    return text


def merge_codecs(lines: Iterable[tuple[bool, Iterable[str]]]) -> tuple[str, ...]:
    """Return the codecs that `allow` (true) and `disallow` lines leave, in order of preference.

    Once `all` is allowed, it stays as a word, and removed codecs follow as `!name`.

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
    """Return the value of `allow`; `!all` overrides what a template allows."""
    return ",".join(value if "all" in value else ("!all", *value))


def _acl(facts: OptionFacts, text: str) -> PlainValue:
    """Read networks, separated by commas without blanks.

    Asterisk was observed to refuse an empty text for some kinds of section only.
    """
    no_empty = (facts.file, facts.object) in _NO_EMPTY_RULES
    items = text.split(",") if text or no_empty else []
    for item in items:
        check_network(item.removeprefix("!"))
    return tuple(items)


def _groups(_facts: OptionFacts, text: str) -> PlainValue:
    """Read call groups; anything but a number from 0 to 63 is skipped.

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
        valid = tuple(sorted(numbers - {64}))
        raise BadValueError(f"must be numbers from 0 to 63, not {quoted(bad)}", instead=valid)
    return tuple(sorted(numbers))


def _group_text(_facts: OptionFacts, value: tuple[int, ...]) -> str:
    runs: list[list[int]] = []
    for number in sorted(value):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)


def _name_value(facts: OptionFacts, text: str) -> PlainValue:
    """Read one setting per line, or several where the option has a separator."""
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


def _fields(facts: OptionFacts, text: str) -> PlainValue:
    """Split a line into its fields, as they are written; the last one takes the rest."""
    count = len(facts.raw["fields"])
    sep = facts.raw.get("sep", ",")
    if (also := facts.raw.get("also_sep")) and sep not in text:
        sep = also
    parts = text.split(None, count - 1) if sep == "blank" else text.split(sep, count - 1)
    missing = [f["name"] for f in facts.raw["fields"][len(parts) :] if f.get("required")]
    empty = [
        f["name"]
        for f, part in zip(facts.raw["fields"], parts, strict=False)
        if f.get("required") and not f.get("may_be_empty") and not part.strip(" \t")
    ]
    if missing or empty:
        raise BadValueError(f"has no {(empty + missing)[0]}: {quoted(text)}")
    for field, part in zip(facts.raw["fields"], parts, strict=False):
        _check_field(facts, field, part, tuple(parts))
    return tuple(parts)


def _check_field(
    facts: OptionFacts, field: Mapping[str, Any], text: str, parts: tuple[str, ...]
) -> None:
    """Check one field of a line, as far as the schema says what it may be.

    Observed: what is no flag and no number is taken for something else, and the line stays.
    """
    name, bare = field["name"], text.strip(" \t")
    if field.get("type") == "bool" and bare and fold(text) not in TRUE | FALSE:
        raise BadValueError(f"has {name} {quoted(text)}, which is neither yes nor no", parts)
    if field.get("type") == "sockaddr":
        _numeric(facts, text)
    if (low := field.get("minimum")) is not None and (_leading(bare) or 0) < low:
        raise BadValueError(f"has {name} {bare}, which is less than {low}")
    if (values := field.get("values")) and text not in values:
        problem = (
            f"has {name} {quoted(text)}, which Asterisk does not have: its module does not start"
        )
        raise BadValueError(problem, parts, near=nearest(text, values))


def _feature(facts: OptionFacts, text: str) -> PlainValue:
    """Check `DTMF,ACTIVATE_ON[/BY],APP[(ARGS)]…` of an application map.

    Observed: the file is refused if one of the three is missing or has blanks around it.
    """
    keys, on, app = (*text.split(",", 2), "", "")[:3]
    if not (keys and on and app):
        raise BadValueError(f"must be keys, who may press them, and an application: {quoted(text)}")
    words = facts.raw["activate_on"]
    if fold(on.partition("/")[0]) not in words:
        raise BadValueError(f"must have {one_of(words)} behind the keys, not {quoted(on)}")
    if not re.split(r"[(,]", app, maxsplit=1)[0]:
        raise BadValueError(f"has no name of an application: {quoted(text)}")
    return text


def _register(facts: OptionFacts, text: str) -> PlainValue:
    """Check `user[:secret]@host[:port]` of iax.conf, of which no message shows anything."""
    if facts.file == "iax.conf":
        _, at, host = text.rpartition("@")
        if not at:
            raise BadValueError("must be a user, and a host behind @")
        _, colon, port = host.partition(":")
        if colon and not _DIGITS.match(port):
            raise BadValueError("has no number as its port")
    return text


def _location(_facts: OptionFacts, text: str) -> PlainValue:
    """Check an absolute path or a URL; observed."""
    if not text.startswith("/") and "://" not in text:
        raise BadValueError(f"must be a URL or an absolute path, not {quoted(text)}")
    return text


def _preferences(facts: OptionFacts, text: str) -> PlainValue:
    """Check codec preferences; unknown keys are skipped, as Asterisk does.

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


def _digests(facts: OptionFacts, text: str) -> PlainValue:
    """Check the length of each digest; an empty text sets none.

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


# Words


def _enum(facts: OptionFacts, text: str) -> PlainValue:
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
    if raw.get("open") or not (words or raw.get("also") or raw.get("also_bool")):
        return text  # of sip.conf not every word is known
    number = in_c_notation(text) if raw.get("also") else None
    if number is None and raw.get("also") == "int_prefix":
        number = _leading(text)
    if number is not None:
        low, high = raw.get("range", (None, None))
        if low is None or low <= number <= high:
            return number
        raise BadValueError(f"must be from {low} to {high}, not {text}")
    known = ["yes", "no", *words] if raw.get("also_bool") else list(words)
    known = list(dict.fromkeys(["a number", *known] if raw.get("also") else known))
    raise BadValueError(f"must be {one_of(known)}, not {quoted(text)}", near=nearest(text, known))


def _string(facts: OptionFacts, text: str) -> PlainValue:
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
    if most is not None and len(comparable(text)) > most:
        kept = comparable(text)[:most].decode("utf-8", "surrogateescape")
        raise BadValueError(f"has more than {most} bytes, the rest is cut off", instead=kept)
    return text


def _regex(facts: OptionFacts, text: str) -> PlainValue:
    """Check a regular expression; unless the type is `regex`, only one between slashes."""
    pattern = text
    if facts.type != "regex":
        found = re.fullmatch(r"/(.*)/", text, re.DOTALL)
        if found is None:
            return text
        pattern = found[1]
    try:
        compile_regex(comparable(pattern))
    except RegexError:
        raise BadValueError(f"is not a regular expression: {quoted(pattern)}") from None
    except TooCostlyError:  # which is one all the same
        pass
    return text


def _header(facts: OptionFacts, text: str) -> PlainValue:
    """Read `Header: text` or `Header: /regex/`.

    Source: res/res_pjsip_endpoint_identifier_ip.c, ip_identify_apply.
    """
    name, colon, value = text.partition(":")
    if text and not colon:
        raise BadValueError(f"must be written Header: text, not {quoted(text)}")
    if text and not name.strip(" \t"):
        raise BadValueError(f"has no name of a header: {quoted(text)}")
    _regex(facts, value.strip(" \t"))
    return text


_FLAG_OR_NUMBER = OptionType(_bool_or_number, _as_text, (bool, int), "true, false or a number")
_TEXT = OptionType(_string, _as_text, (str,), "text")

TYPES: dict[str, OptionType] = {
    "bool": OptionType(_bool, _as_text, (bool,), "true or false"),
    "bool_or_int": _FLAG_OR_NUMBER,
    "bool_or_uint": _FLAG_OR_NUMBER,
    "uint": _parse_arg(0, _UINT_MAX),
    "int": _parse_arg(-_INT_MAX - 1, _INT_MAX),
    "int_atoi": OptionType(_atoi, _as_text, (int,), _WHOLE),
    "int_scan": OptionType(_scan, _as_text, (int,), _WHOLE),
    "uint_scan": OptionType(_scan, _as_text, (int,), _WHOLE),
    "uint_prefix": OptionType(_scan, _as_text, (int,), _WHOLE),
    "double": OptionType(_double, _as_text, (float, int), "a number"),
    "tos": OptionType(_tos, _tos_word, (int,), "a number"),
    "int_range": OptionType(_range, _range_text, (tuple,), "two numbers", (int,)),
    "sip_uri": OptionType(_uri, _as_text, (str,), "text"),
    "header_params": OptionType(_header_params, _as_text, (str,), "text"),
    "sockaddr": OptionType(_numeric, _as_text, (str,), "text"),
    "ip_port": OptionType(_with_port, _as_text, (str,), "text"),
    "list": OptionType(_list, _joined, (tuple,), "a list", (str, int)),
    "codecs": OptionType(_codecs, _allow, (tuple,), "a list of codecs", (str,)),
    "acl": OptionType(_acl, _joined, (tuple,), "a list of networks", (str,)),
    "groups": OptionType(_groups, _group_text, (tuple,), "a list of numbers", (int,)),
    "name=value": OptionType(
        _name_value, _joined, (str, tuple), "text such as NAME=value", (str,)
    ),
    "fields": OptionType(_fields, _joined, (tuple,), "a list of texts", (str,)),
    "codec_prefs": OptionType(_preferences, _as_text, (str,), "text", (str,)),
    "digest_list": OptionType(_digests, _as_text, (str,), "text", (str,)),
    "enum": OptionType(_enum, _as_text, (str, int, bool), "a word"),
    "regex": OptionType(_regex, _as_text, (str,), "text"),
    "header_match": OptionType(_header, _as_text, (str,), "text"),
    "app_map": OptionType(_feature, _as_text, (str,), "text"),
    "format": OptionType(_format, _as_text, (str,), "text"),
    "register": OptionType(_register, _as_text, (str,), "text"),
    "path_or_url": OptionType(_location, _as_text, (str,), "text"),
    "ignored": OptionType(lambda _, text: text, _as_text, (str,), "text"),
    **dict.fromkeys(
        (
            "string", "name", "sound", "file", "dir", "dtmf", "command", "strftime", "template",
            "pattern", "dialplan", "app_call", "tonelist", "filter", "url", "mac", "fqdn",
            "module", "address", "address_port", "address_or_host", "host_port", "noop",
        ),
        _TEXT,
    ),
}  # fmt: skip
"""Every type of the schema but caller ids."""
