"""Rules between the options of one section, for which Asterisk refuses it.

Source: the `rules` of the schema; where marked, observed on 22.10.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from asterconf.language import sip_uri
from asterconf.model.configobject import ConfigObject
from asterconf.model.values import Secret
from asterconf.schema import ObjectFacts, OptionFacts

Broken = tuple[str, str]
"""A rule that a section breaks: the option to look at, which may be missing, and what is wrong, as
the end of a sentence that begins with the option."""

Check = Callable[[ConfigObject], Iterator[Broken]]


def broken_rules(obj: ConfigObject) -> Iterator[Broken]:
    """Yield every rule that an object breaks."""
    for facts in _needed(obj.facts):
        if _is_missing(obj, facts):
            yield facts.name, "is missing"
    check = _RULES.get((obj.file, obj.kind))
    if check is not None:
        yield from check(obj)


@cache
def _needed(kind: ObjectFacts) -> tuple[OptionFacts, ...]:
    """Return the options that a kind of section needs, always or on a condition."""
    return tuple(
        facts
        for facts in kind.options.values()
        if any(facts.raw.get(word) for word in ("required", "required_unless", "required_if"))
        and facts.match == "name"
        and not kind.is_discriminator(facts)
    )


def _is_missing(obj: ConfigObject, facts: OptionFacts) -> bool:
    unless, only_if = facts.raw.get("required_unless"), facts.raw.get("required_if")
    if not is_empty(obj[facts.name]):
        return False
    if isinstance(unless, Mapping):
        return not any(obj[name] in words for name, words in unless.items())
    if isinstance(unless, str):
        name, _, words = unless.partition("=")
        return obj[name] not in words.split("|") and obj[name] is not None
    if isinstance(only_if, str):
        name, equals, word = only_if.partition("=")
        return bool(obj[name] == word if equals else obj[name] is True)
    return True


def is_empty(value: object) -> bool:
    """Tell whether an option says nothing."""
    return value is None or value in ("", ()) or (isinstance(value, Secret) and not value)


def number(obj: ConfigObject, name: str) -> int:
    """Return a number; 0: it is none, or the version has no such option."""
    value = obj[name] if name in obj.facts.options else 0
    return value if isinstance(value, int) else 0


def _endpoint(obj: ConfigObject) -> Iterator[Broken]:
    yield from _one_of_each(obj)
    least, expires = number(obj, "timers_min_se"), number(obj, "timers_sess_expires")
    if expires < least:
        option = "timers_sess_expires" if "timers_sess_expires" in obj else "timers_min_se"
        problem = f"leaves timers_sess_expires, {expires}, below timers_min_se, {least}"
        yield option, problem
    if obj["dtls_auto_generate_cert"] is True and obj["dtls_cert_file"]:
        yield "dtls_cert_file", "cannot be combined with dtls_auto_generate_cert"
    low, high = number(obj, "rtp_port_start"), number(obj, "rtp_port_end")
    if bool(low) != bool(high):
        missing = "rtp_port_end" if low else "rtp_port_start"
        yield "rtp_port_start" if low else "rtp_port_end", f"needs {missing} beside it"
    elif low and min(low, high) < 1024:
        option = "rtp_port_start" if low < 1024 else "rtp_port_end"
        yield option, f"must be 0 or from 1024 to 65535, not {min(low, high)}"
    elif low and high <= low:
        yield "rtp_port_end", f"must be above rtp_port_start, {low}, not {high}"
    if obj["preferred_codec_only"] is True and obj["incoming_call_offer_pref"] != "local":
        yield "incoming_call_offer_pref", "cannot be combined with preferred_codec_only"


def _auth(obj: ConfigObject) -> Iterator[Broken]:
    if obj["auth_type"] == "google_oauth":
        for name in ("refresh_token", "oauth_clientid", "oauth_secret"):
            if is_empty(obj[name]):
                yield "auth_type", f"needs {name} beside it, for google_oauth"
                return
    elif "password_digest" in obj.facts.options and is_empty(obj["password"]):
        digests = [d.reveal() for d in _secrets(obj, "password_digest") if d]
        known = {
            d.partition(":")[0].strip(" \t").upper() for line in digests for d in line.split(",")
        }
        known |= {"MD5"} if any(map(bool, _secrets(obj, "md5_cred"))) else set()
        for name in ("supported_algorithms_uas", "supported_algorithms_uac"):
            wanted = obj[name] or (() if known else ("MD5",))
            missing = [word for word in wanted if word not in known]  # type: ignore[union-attr]
            if missing:
                yield "password", f"is missing, and so is a digest for {missing[0]}"
                return


def _secrets(obj: ConfigObject, name: str) -> tuple[Secret, ...]:
    value = obj[name]
    return tuple(v for v in value if isinstance(v, Secret)) if isinstance(value, tuple) else ()


def _identify(obj: ConfigObject) -> Iterator[Broken]:
    names = ("match", "match_header", "match_request_uri")
    if all(is_empty(obj[name]) for name in names):
        yield "match", "is missing, and so are match_header and match_request_uri"


def _outbound(obj: ConfigObject) -> Iterator[Broken]:
    """Check what registrations and publications have in common; observed.

    A publication for several users is only created when one of them publishes.
    """
    if obj.kind == "outbound-publish" and obj["multi_user"] is True:
        return
    proxy = obj["outbound_proxy"]
    if isinstance(proxy, str) and proxy and not re.search('[<",]', proxy):
        try:
            sip_uri.parse(proxy)
        except sip_uri.SipUriError as error:
            yield "outbound_proxy", str(error)
    if obj["expiration"] == 0:
        yield "expiration", "must be 1 or more, not 0"


def _one_of_each(obj: ConfigObject) -> Iterator[Broken]:
    for name in ("acl", "contact_acl"):
        value = obj[name]
        names = value if isinstance(value, tuple) else ()
        twice = next((word for n, word in enumerate(names) if word in names[:n]), None)
        if twice is not None:
            yield name, f"names {str(twice)!r} twice"


def _registration(obj: ConfigObject) -> Iterator[Broken]:
    yield from _outbound(obj)
    line, endpoint = obj["line"] is True, not is_empty(obj["endpoint"])
    if line and not endpoint:
        yield "line", "needs endpoint beside it"
    elif endpoint and not line:
        yield "endpoint", "needs line = yes beside it"


def _domain_alias(obj: ConfigObject) -> Iterator[Broken]:
    if is_empty(obj["domain"]):  # observed
        yield "domain", "is missing"


def _location(obj: ConfigObject) -> Iterator[Broken]:
    info = obj["location_info"]
    items = info if isinstance(info, tuple) else ()
    if obj["format"] == "URI" and not any(str(item).startswith("URI=") for item in items):
        yield "location_info", "has no URI, which format = URI needs"


def _geo_profile(obj: ConfigObject) -> Iterator[Broken]:
    if not is_empty(obj["location_reference"]):
        for name in ("location_info", "format"):
            if not is_empty(obj[name]):
                yield name, "cannot be combined with location_reference"


_RULES: Mapping[tuple[str, str], Check] = {
    ("pjsip.conf", "endpoint"): _endpoint,
    ("pjsip.conf", "acl"): _one_of_each,
    ("pjsip.conf", "auth"): _auth,
    ("pjsip.conf", "identify"): _identify,
    ("pjsip.conf", "outbound-publish"): _outbound,
    ("pjsip.conf", "registration"): _registration,
    ("pjsip.conf", "domain_alias"): _domain_alias,
    ("geolocation.conf", "location"): _location,
    ("geolocation.conf", "profile"): _geo_profile,
}
