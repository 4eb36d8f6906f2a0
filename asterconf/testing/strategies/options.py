"""Values that an option of the schema can have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st

from asterconf import schema
from asterconf.model.options import Value, accept, type_of
from asterconf.model.values import CallerID, Secret
from asterconf.schema import OptionFacts

__all__ = ["callerids", "names", "numbers", "secrets", "texts", "values"]

_EDGES: Final = "".join(map(chr, range(33)))
_ALPHABET: Final = 'ab1 <>",\\;$é\t\udc80'

names = st.text("ab16-_.", min_size=1, max_size=3)
"""Names of sections and endpoints, from few letters, so that they collide."""
numbers = st.text("16*#+", min_size=1, max_size=3)
"""What a phone can dial."""
texts = st.text(_ALPHABET, max_size=5).map(lambda text: text.strip(_EDGES))
"""Texts that a line can hold, with what a file may have to escape."""
words = st.text("ab1!", min_size=1, max_size=3)
secrets = st.builds(Secret, texts)
networks = st.sampled_from(
    ["10.0.0.0/8", "192.0.2.1", "192.168.0.0/255.255.0.0", "::1", "2001:db8::/32", "0.0.0.0/0"]
)
hosts = st.sampled_from(["a.example", "a.example:5060", "192.0.2.1", "[2001:db8::1]:5061"])
uris = st.sampled_from(["sip:a@b.example", "sips:c", "sip:d:5060;transport=tcp"])


def _number_part(text: str) -> str:
    return text.translate({ord("<"): None, ord(">"): None}).strip(" \t")


callerids = st.builds(CallerID, texts, texts.map(_number_part))
"""Caller ids, also such as no phone shows."""


def _within(facts: OptionFacts, low: int, high: int) -> st.SearchStrategy[int]:
    first, last = facts.raw.get("range") or (None, None)
    minimum = facts.raw.get("minimum")
    least = max(low, low if first is None else first, minimum if isinstance(minimum, int) else low)
    most = min(high, high if last is None else last)
    if "fixed" in facts.raw:
        return st.just(facts.raw["fixed"])
    near = st.integers(least, min(most, least + 20))
    return near | st.sampled_from([least, most])


def _floats(facts: OptionFacts) -> st.SearchStrategy[float]:
    least, most = facts.raw.get("range") or (None, None)
    low, high = float(least or 0), float(most if most is not None else 1000)
    return st.sampled_from([low, high, (low + high) / 2]) | st.floats(low, high)


def _words(facts: OptionFacts) -> st.SearchStrategy[Any]:
    raw = facts.raw
    known = [word for word in raw.get("values", ()) if word not in raw.get("synonyms", {})]
    known += ["yes", "no"] if raw.get("also_bool") else []
    if not known:
        return words
    made: st.SearchStrategy[Any] = st.sampled_from(known)
    return made | _within(facts, 0, 100_000) if raw.get("also") else made


def _texts(facts: OptionFacts) -> st.SearchStrategy[str]:
    raw = facts.raw
    made = st.text("ab1._-", max_size=5) if raw.get("pattern") or "/regex/" in str(raw) else texts
    if facts.type in {"regex", "header_match"}:
        made = st.sampled_from(["", "a: b", "x: /^a/"] if facts.type != "regex" else ["", "^a+$"])
    most = raw.get("maxlen")
    made = (
        made if most is None else made.filter(lambda t: len(t.encode("utf-8", "replace")) <= most)
    )
    return made.filter(bool) if raw.get("nonempty") else made


def _items(facts: OptionFacts) -> st.SearchStrategy[tuple[Any, ...]]:
    raw = facts.raw
    item: st.SearchStrategy[Any] = words
    if raw.get("item") == "enum":
        kept = [*raw["values"], "yes", "no"] if raw.get("also_bool") else raw["values"]
        item = st.sampled_from(kept)
    elif raw.get("known"):
        item = st.sampled_from(raw["known"])
    elif raw.get("actions"):  # with their arguments, as `playback(file[&file...])` says them
        item = st.sampled_from([one.replace("[&file...]", "") for one in raw["actions"]])
    elif raw.get("item") == "uint":
        item = st.integers(0, 9)
    elif raw.get("item") == "sip_uri":
        item = uris
    elif raw.get("item") == "cipher":
        item = st.sampled_from(["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "0x2f"])
    elif raw.get("item") == "address[/mask] or host[:port]":
        item = networks | hosts
    most = min(raw.get("max_items", 3), 3)
    return st.lists(item, max_size=most, unique=True).map(tuple)


def _codecs(_: OptionFacts) -> st.SearchStrategy[tuple[str, ...]]:
    known = sorted(schema.codecs())
    plain = st.lists(st.sampled_from(known), max_size=3, unique=True)
    sized = st.just(("ulaw:20", "alaw"))
    return plain.map(tuple) | sized | st.just(("all", "!g729"))


def _fields(facts: OptionFacts) -> st.SearchStrategy[tuple[str, ...]]:
    sep = facts.raw.get("sep", ",")
    cut = " " if sep == "blank" else sep
    parts = [_field(field).filter(lambda item: cut not in item) for field in facts.raw["fields"]]
    least = sum(bool(field.get("required")) for field in facts.raw["fields"])
    count = st.integers(max(least, 1), len(parts))
    return count.flatmap(lambda most: st.tuples(*parts[:most]))


def _field(field: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """Return texts for one field of a line."""
    if values := field.get("values"):
        return st.sampled_from(values)
    if field.get("type") == "bool":
        return st.sampled_from(["yes", "no"])
    if field.get("type") == "sockaddr":
        return st.sampled_from(["192.0.2.1", "192.0.2.1:8125"])
    if (least := field.get("minimum")) is not None:
        return st.integers(least, least + 20).map(str)
    return st.text("ab1/'", min_size=1, max_size=3)


def _features(facts: OptionFacts) -> st.SearchStrategy[str]:
    """Return lines of an application map: keys, who may press them, an application."""
    on = st.sampled_from([*facts.raw["activate_on"]])
    apps = st.sampled_from(["NoOp", "Playback(beep)", "Playback,beep,default"])
    return st.tuples(numbers, on, apps).map(",".join)


def _registrations(facts: OptionFacts) -> st.SearchStrategy[str]:
    if facts.file != "iax.conf":
        return texts
    return st.sampled_from(["a@b.example", "a:b@192.0.2.1", "a:b@c.example:4569"])


def _hex(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdef", min_size=size, max_size=size)


_MADE: Mapping[str, Callable[[OptionFacts], st.SearchStrategy[Any]]] = {
    "bool": lambda _: st.booleans(),
    "bool_or_int": lambda facts: st.booleans() | _within(facts, 0, 2147483647),
    "bool_or_uint": lambda facts: st.booleans() | _within(facts, 0, 4294967295),
    "uint": lambda facts: _within(facts, 0, 4294967295),
    "int": lambda facts: _within(facts, -2147483648, 2147483647),
    "int_atoi": lambda facts: _within(facts, -2147483648, 2147483647),
    "int_scan": lambda facts: _within(facts, -2147483648, 2147483647),
    "uint_scan": lambda facts: _within(facts, 0, 4294967295),
    "uint_prefix": lambda facts: _within(facts, 0, 4294967295),
    "double": _floats,
    "tos": lambda _: st.integers(0, 63).map(lambda n: n * 4),
    "int_range": lambda _: st.integers(1, 50).map(lambda n: (n, n + 10)),
    "enum": _words,
    "list": _items,
    "codecs": _codecs,
    "format": lambda _: st.sampled_from(sorted(schema.codecs())),
    "acl": lambda _: st.lists(networks, min_size=1, max_size=2).map(tuple),
    "groups": lambda _: st.sets(st.integers(0, 63), max_size=3).map(lambda s: tuple(sorted(s))),
    "name=value": lambda facts: (
        st.lists(st.sampled_from(["A=1", "B=x y"]), max_size=2, unique=True).map(tuple)
        if facts.raw.get("sep")
        else st.sampled_from(["A=1", "A=", "B==x", ""])
    ),
    "fields": _fields,
    "app_map": _features,
    "register": _registrations,
    "path_or_url": lambda _: st.sampled_from(["/", "/a b", "https://a.example/b"]),
    "codec_prefs": lambda _: st.sampled_from(["", "prefer: pending, keep: first"]),
    "digest_list": lambda facts: (
        _hex(32) if facts.name == "md5_cred" else _hex(64).map("SHA-256:".__add__)
    ),
    "sip_uri": lambda _: uris,
    "header_params": lambda _: st.sampled_from(["a=b", "a", 'a="b c"', "+sip.instance=x;reg-id=1"]),
    "sockaddr": lambda _: st.sampled_from(["192.0.2.1", "192.0.2.1:8125", "[::1]:8125"]),
    "ip_port": lambda _: st.sampled_from(["127.0.0.1", "192.0.2.1:5060", "[::]:5061", "::"]),
    "callerid": lambda _: callerids,
}


def values(facts: OptionFacts) -> st.SearchStrategy[Value]:
    """Return values that one line of an option can say, typed as reading gives them."""
    made = _MADE.get(facts.type, _texts)(facts)
    if facts.secret:
        made = made.map(lambda value: Secret(str(value)))
    return made.map(lambda value: accept(facts, value))


def spellings(facts: OptionFacts) -> st.SearchStrategy[str]:
    """Return texts for an option, right and wrong ones."""
    odd = st.sampled_from(
        ["", "yes", "NO", "maybe", "10", "010", "08", "0x1F", "-1", "1e3", "3.5s"]
    )
    right = values(facts).map(lambda value: type_of(facts).write(facts, _plain(value)))
    return odd | right | right.map(str.upper) | texts


def _plain(value: Value) -> Any:  # noqa: ANN401 - any Value
    return value.reveal() if isinstance(value, Secret) else value
