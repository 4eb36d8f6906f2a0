"""What is secret in Asterisk's files, and its mask: the only place that decides.

A value is secret by the name it is given (of an option, a variable, a function's argument, also
misspelt), by its position (the PIN of a mailbox, the third argument of `MeetMe`), by what it is
compared with (`"${PIN}" = "1234"`), by its shape (`user:secret@host`, `user#digest@realm`), or as
what follows an option of a command, a header or a name in JSON (`curl -u u:x`, `X-Api-Key: x9`).
Lines that are comments are judged as the lines they were; in the prose of a comment, also behind an
option or a header, a word with a digit is a secret behind `password` or `password for the door is`,
and a number behind `PIN`.

Everything that a person, a log or another program is shown goes through the functions here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")

MASK = "********"

# -- names that say so ----------------------------------------------------------------------------

_WORDS = {
    "pass", "pin", "pw", "pwd", "token", "credential", "credentials", "cred", "creds", "privkey",
    "inkeys", "outkey", "bearer", "jwt", "privatekey", "psk",
}  # fmt: skip
"""Last words of a name that make it the name of a secret."""
_ENDINGS = (
    "password", "passwd", "passphrase", "passcode", "passwort", "secret", "adminpin", "userpwd",
    "pass", "authtoken", "accesstoken",
)  # fmt: skip
"""Ends of a last word that do."""
_TWO = {
    ("api", "key"), ("secret", "key"), ("access", "key"), ("pin", "code"), ("pin", "number"),
    ("password", "digest"), ("password", "hash"), ("door", "code"), ("gate", "code"),
    ("alarm", "code"), ("unlock", "code"), ("access", "code"), ("security", "code"),
    ("pass", "phrase"), ("encryption", "key"), ("signing", "key"), ("hmac", "key"), ("aes", "key"),
}  # fmt: skip
_JOINED = tuple(map("".join, _TWO))
"""The same written as one word, such as `doorcode`, also behind others."""
_LOUD = ("PASS", "PIN", "PWD", "PW", "TOKEN", "PRIVATE_KEY", "ENCRYPTION_KEY", "AUTH_KEY")
"""Ends of a variable in capitals, such as AMPDBPASS."""
_NOT = {
    "minpassword", "bypass", "compass", "surpass", "trespass", "encompass", "overpass", "underpass",
    "externpass", "actpass", "spin",
}  # fmt: skip
_SOUNDS = ("sound_", "vm-")
"""How the names of options begin whose values are prompts, such as `vm-password`."""
_OFTEN = ("password", "secret")
"""What is misspelt: a name that is one slip away from one of these means it."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


_MARKED: set[str] = set()
"""Names that a schema of a user calls secret, in lower case."""


def mark_secrets(names: Iterable[str]) -> None:
    """Take options of these names for secrets, too, in every file, as long as Python runs."""
    _MARKED.update(name.lower() for name in names)
    _says_secret.cache_clear()


@lru_cache(4096)
def _says_secret(name: str) -> bool:
    """Tell whether a name is that of a secret."""
    if name.lower() in _MARKED:
        return True
    last = name.rpartition("/")[2].strip("_ \t")
    parts = re.split(r"[^a-z0-9]+", _CAMEL.sub("_", last).lower())
    words = [word for part in parts if (word := part.rstrip("0123456789"))]
    if not words or words[-1] in _NOT or last.lower().startswith(_SOUNDS):
        return False
    if words[-1] in _WORDS or words[-1].endswith(_ENDINGS + _JOINED) or tuple(words[-2:]) in _TWO:
        return True
    if words == ["private", "key"]:  # with a word before it, as in dtls_private_key, it is a file
        return True
    loud = last.rstrip("0123456789")
    if loud.isupper() and loud.endswith(_LOUD) and not loud.lower().endswith(tuple(_NOT)):
        return True
    return any(_is_slip(words[-1], meant) for meant in _OFTEN)


def _is_slip(word: str, meant: str) -> bool:
    """Tell whether a word is `meant` with one letter wrong, missing, doubled or moved."""
    if word[:1] != meant[:1] or not -1 <= len(word) - len(meant) <= 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), len(meant))
    rest, wanted = word[at:], meant[at:]
    swapped = rest[1:2] + rest[:1] == wanted[:2] and rest[2:] == wanted[2:]
    return swapped or wanted[len(rest) <= len(wanted) :] == rest[len(rest) >= len(wanted) :]


def is_secret(file: str, section: str, option: str) -> bool:
    """Tell whether the value of an option is a secret."""
    return _says_secret(option) or is_box(file, section)


_NO_BOXES = {"general", "zonemessages"}


def is_box(file: str, section: str) -> bool:
    """Tell whether the options of a section are mailboxes, whose values begin with the PIN."""
    return file.lower().removesuffix(".sample").endswith("voicemail.conf") and (
        section.lower() not in _NO_BOXES
    )


# -- values by their place ------------------------------------------------------------------------

_FIELDS = {"conf": ("meetme.conf", (1, 2)), "agent": ("agents.conf", (1,))}
"""Options with secrets in fields of their value, counted from 0, and their files."""


def has_secret_field(file: str, option: str) -> bool:
    """Tell whether some field of an option's value, between commas, is a secret."""
    return _FIELDS.get(option.lower(), ("",))[0] == file.rpartition("/")[2].lower()


_VARIABLES = {"set_var", "setvar", "variable"}
"""Options whose value is a variable and its value."""
_PIN = re.compile(r"-?[0-9]+\s*(?:,|\Z)")
_PATH = re.compile(r"/(?:[a-z0-9_./-]+|[\w./-]+\.\w{2,4})")
"""The file that a key is in; no key in Base64 is without capitals, and none has a dot."""


def shown_value(file: str, section: str, option: str, value: str) -> str:
    """Return an option's value with the secrets in it masked as `********`.

    Without a file, or with one that any other may include, their shape decides.
    """
    if not value:
        return value
    if _says_secret(option):
        key = option.lower()
        is_file = key.endswith("key") and key not in _MARKED and _PATH.fullmatch(value)
        return value if is_file else MASK
    name = file.lower().removesuffix(".sample").rpartition("/")[2]
    anywhere = not name.endswith(".conf")
    if is_box(file, section) or (anywhere and option.isdigit() and _PIN.match(value)):
        return _mask_fields(value, (0,))
    if option.lower() == "auth":
        value = _DIGEST.sub(rf"\g<1>{MASK}\2", value)
    if option.lower().rpartition("/")[2] in _VARIABLES and _says_secret(value.partition("=")[0]):
        return f"{value.partition('=')[0]}={MASK}"
    where, fields = _FIELDS.get(option.lower(), ("", ()))
    if fields and (anywhere or name == where):
        return _mask_fields(value, fields)
    return shown_text(value)


def _mask_fields(value: str, indexes: tuple[int, ...]) -> str:
    fields = value.split(",")
    masked = [MASK if n in indexes and field.strip() else field for n, field in enumerate(fields)]
    return shown_text(",".join(masked))


# -- values by what stands around them ------------------------------------------------------------

_SCHEMES = "sips?|tel|mailto|xmpp|pres|im|hint|mwi|park|exten|extension|mailbox"
"""What says that a name follows, and no user: of addresses, devices and kinds of objects."""
_LOGIN = re.compile(
    rf"(?<![\w:])((?:(?:{_SCHEMES}):|[a-z][a-z0-9+.-]{{0,20}}://)?(?!(?:{_SCHEMES}):)"
    r"[^:/@()=&|;]{1,255}:)(.+)@",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"([^#@,\s]+#)[^@]+(@)")
"""`auth=user#digest@realm` of chan_sip, where its option says so."""
_HASH = re.compile(r"(?<=#)[0-9a-f]{16,}(?=@)", re.IGNORECASE)
"""The same anywhere: digits with a # before an @ may be a number that is dialled."""
_BETWEEN = re.compile(r"""([\s,{}<>"']+)""")
"""What no login goes across."""
_INNER = r"(?:[^(){}$,|]|\$\{[^{}]{0,99}\}){0,255}"
_ASSIGNED = re.compile(
    rf"""(?<![\w./-])(?P<set>Set\(\s*)?(?P<name>[\w./-]+(?:\({_INNER}(?:[,|]{_INNER}){{0,3}}\))?)"""
    r"""(?P<is>\s*=\s*>?\s*)(?P<quote>["']?)(?![\s$=])""",
    re.IGNORECASE,
)
_VALUE = re.compile(r"""[^\s,;&|()'"]+""")
_FLAT = r"\$\{[^{}]*+\}"
_NAMED = rf"\$\{{(?:[^{{}}$]|{_FLAT}|\$(?!\{{)|\$\{{(?:[^{{}}$]|{_FLAT}|\$(?!\{{))*+\}})*+\}}"
"""What `${…}` holds, three levels deep."""
_IN_QUOTES = rf'"(?:[^"$]|{_NAMED}|\$(?!\{{))*+"'
_BARE = rf"(?:[^\s\"$&|?=!<>:,\[\](]|{_NAMED}|\$(?![{{\[]))++"
_COMPARED = re.compile(
    rf"""(?P<left>{_IN_QUOTES}|(?<![^\s"&|?=!<>:,\[\](]){_BARE})"""
    r"""(?P<is>\s*+(?:[=!<>]=|=~|[=<>])\s*+|(?<=")\s*+:\s*+(?=")|\s++:\s++)"""
    rf"""(?P<right>{_IN_QUOTES}|"?{_BARE})"""
)
_RIGHT = re.compile(rf"""{_IN_QUOTES}|"?(?:[^\s"$&|?,\[\]]|{_NAMED}|\$(?![{{\[]))++""")
"""What a secret is compared with, more than an operand: signs may be part of a password."""
_SECRET_IN = re.compile(r"[(),|:${}\s\"/]")
"""What the names in `${DB(pin/100)}` are apart by."""
_MEASURED = re.compile(rf"\$\{{(?:LEN|ISNULL|(?:DB_)?EXISTS|REGEX)\((?:[^()$]|{_NAMED}|\$)*+\)\}}")
"""What tells something about a text, which is not the text."""
_COMPUTED = re.compile(
    r"\$\{(MD5|SHA1|IF|FILTER|TO(?:LOW|UPP)ER|BASE64_(?:EN|DE)CODE|KEYPADHASH|CUT|EVAL)\((.*)\)\}"
)
"""Functions whose value is made of the text that they are given."""
_PIECES = re.compile(rf"({_NAMED}|^\"|\"$)")
_MATCHED = re.compile(rf'(REGEX\(")([^"]*+)("\s++[^()$]*+{_NAMED})')
_ARGUMENT = rf"(?:{_INNER}[,|])"
_CALLED = re.compile(
    rf"(?<!\w)((?:Authenticate|DISA|AES_(?:EN|DE)CRYPT)\(\s*|MeetMe\({_ARGUMENT}{{2}}\s*)"
    r"(?![/$]|no-password\b)([^,|)\s]+)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'([^\s']+\s+)[^']+'")
_SAID = re.compile(
    r"""(?<![\w./{?&-])(?P<name>["']?(?P<word>[\w-]+)["']?)\s*+:(?P<is>\s*+)(?P<quote>["']?)"""
    r"""(?P<value>[^\s"',;|(){}$]++)"""
)
"""A header or a part of JSON, such as `X-Api-Key: abc` and `"pin":"1234"`."""
_OPTION = re.compile(r"(?<=[\s,])(--?(?P<word>[\w-]+)[\s,]++)(?![-$])[^\s\"',()]++")
_SHELL = re.compile(
    r"""(\bAuthorization\)?+\s*+[:=]\s*+(?:Basic|Bearer|Digest|Token)\s++|\s(?:-u|--user)[\s=]++["']?"""
    r"""[^\s:"']*+:|\bsshpass\s++-p\s*+|\b(?:mysql|mariadb)\w*+(?=\s)[^()|;]{0,255}?\s-p(?!\s))"""
    r"""(?!\$)[^\s"',()]++""",
    re.IGNORECASE,
)


def shown_text(text: str) -> str:
    """Return any text with everything masked that stands where a secret stands."""
    if "@" in text:
        text = "".join(_mask_login(part) if "@" in part else part for part in _BETWEEN.split(text))
    if "=" in text:
        text = _mask_assigned(text)
    if "${" in text:
        text = _mask_compared(text)
    if "(" in text:
        text = _CALLED.sub(rf"\g<1>{MASK}", text)
    if ":" in text:
        text = _SAID.sub(_said, text)
    if "-" in text or "uthorization" in text:
        text = _SHELL.sub(rf"\g<1>{MASK}", _OPTION.sub(_optioned, text))
    return _QUOTED.sub(_quoted, text) if "'" in text else text


def _mask_login(word: str) -> str:
    head, _, host = _HASH.sub(MASK, word).rpartition("@")
    return _LOGIN.sub(rf"\g<1>{MASK}@", f"{head}@", 1) + host


def _mask_assigned(text: str) -> str:
    out: list[str] = []
    done = 0
    for found in _ASSIGNED.finditer(text):
        start = found.end()
        if start < done or not any(map(_says_secret, re.split(r"[(),|/]", found["name"]))):
            continue
        if found["set"] and text.find(")", start) > 0:  # Set takes all up to its end
            end = text.rfind(")", start)
        elif found["quote"]:
            end = text.find(found["quote"], start)
            end = end if end >= 0 else len(text)
        else:
            value = _VALUE.match(text, start)
            end = value.end() if value else start
        if end > start:
            out += (text[done:start], MASK)
            done = end
    return "".join((*out, text[done:]))


def _mask_compared(text: str) -> str:
    """Return a text, masked where a word is compared with a variable that is a secret."""
    out: list[str] = []
    done = place = 0
    while found := _COMPARED.search(text, place):
        place = found.start("right")
        left, right = found["left"], found["right"]
        if _holds_secret(left) and (whole := _RIGHT.match(text, place)):
            out += (text[done:place], _mask_operand(whole[0], left))
            done = place = whole.end()
        elif _holds_secret(right) and _is_operand(text, found):
            out += (text[done : found.start()], _mask_operand(left, right))
            done = found.end("left")
    return _MATCHED.sub(_matched, "".join((*out, text[done:])))


def _is_operand(text: str, found: re.Match[str]) -> bool:
    """Tell whether what stands left is compared, and not set, to what stands right."""
    start = found.start()
    return text[start] == '"' or text.rfind("$[", 0, start) > text.rfind("]", 0, start)


def _holds_secret(operand: str) -> bool:
    if "${" not in operand:
        return False
    found = re.findall(_NAMED, _MEASURED.sub("", operand))
    return any(_says_secret(name) for one in found for name in _SECRET_IN.split(one) if name)


def _mask_operand(operand: str, other: str) -> str:
    """Return what is compared with a secret, masked, but for variables and what both sides have."""
    pieces = _PIECES.split(operand)
    own = "".join(pieces[::2])
    if own and own == re.sub(_NAMED, "", other).strip('"'):
        return operand
    return "".join(
        MASK if n % 2 == 0 and piece.strip() else _COMPUTED.sub(_computed, piece)
        for n, piece in enumerate(pieces)
    )


def _computed(found: re.Match[str]) -> str:
    """Return a function of a text that is compared with a secret, its literal text masked."""
    parts = re.split(rf"({_NAMED})", found[2])
    masked = [part if n % 2 or not part.strip(", ") else MASK for n, part in enumerate(parts)]
    return f"${{{found[1]}({''.join(masked)})}}"


def _matched(found: re.Match[str]) -> str:
    return f"{found[1]}{MASK}{found[3]}" if _holds_secret(found[3]) else found[0]


def _said(found: re.Match[str]) -> str:
    """Return a name and its value behind a colon, masked if it is no prose."""
    is_prose = found["name"] == found["word"] and (
        not found["is"] or not (found["quote"] or any(map(str.isdigit, found["value"])))
    )
    if is_prose or not _says_secret(found["word"]):
        return found[0]
    return f"{found['name']}:{found['is']}{found['quote']}{MASK}"


def _optioned(found: re.Match[str]) -> str:
    return f"{found[1]}{MASK}" if _says_secret(found["word"]) else found[0]


def _quoted(found: re.Match[str]) -> str:
    return f"'{found[1]}{MASK}'" if _says_secret(found[1].strip()) else found[0]


def masked_repr(text: str) -> str:
    """Return the `repr` of a text, masked: for fields of attrs classes."""
    return repr(shown_text(text))


def shown_step(app: str, data: str) -> str:
    """Return the arguments of an application with the secrets among them masked."""
    return shown_text(f"{app}({data})")[len(app) + 1 : -1]


def shown_data(data: T, name: str = "") -> T:
    """Return plain data as JSON has it, masked: texts by their keys, and by what is in them.

    A table of `app` and `data` is a call of an application, one with `option` or `name` and
    `value`, `old` or `new` a value of that name; a list of two texts is a name and its value, but
    where the first is a number.
    """
    return _shown_data(data, name)  # type: ignore[no-any-return]  # of the type of `data`


def _shown_data(data: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    found: Any = data
    if isinstance(data, dict):
        app, of = data.get("app"), data.get("option", data.get("name"))
        names = dict.fromkeys(("value", "old", "new"), of) if isinstance(of, str) else {}
        found = {key: _shown_data(one, names.get(key, str(key))) for key, one in data.items()}
        if isinstance(app, str) and isinstance(data.get("data"), str):
            found["data"] = shown_step(app, data["data"])
    elif type(data) in {list, tuple}:
        fields = _FIELDS.get(name.lower(), ("", ()))[1]
        if fields and all(isinstance(one, str) for one in data):
            found = [MASK if n in fields and one else one for n, one in enumerate(data)]
        elif len(data) == 2 and isinstance(data[0], str) and not data[0].isdigit():
            found = [_shown_data(data[0], name), _shown_data(data[1], data[0])]
        else:
            found = [_shown_data(one, name) for one in data]
        found = tuple(found) if isinstance(data, tuple) else found
    elif isinstance(data, str):
        found = shown_value("", "", name, data)
    return found


# -- lines ----------------------------------------------------------------------------------------

_LEAD = re.compile(r"[\s;-]*")
_SEPARATOR = re.compile(r"\s*(?:\+=|=>?)\s*")


_PROSE = re.compile(
    r"""((?<![\w?{&])(?:(?P<pin>pin)|password|passwd|passwort|kennwort|passphrase|passcode|secret)\b"""
    r"""(?:\s++to\b|(?:\s++[^\s:;,()]++){0,4}?(?:\s++(?:is|ist|was)\b|(?=:\s)))?"""
    r"""(?:\s*+:\s*+|\s++(?:-\s++)?)["'(]*+)"""
    r"""(?!\w+://|(?:RFC\d+|SHA-?\d+|MD5|base\d+|\d+-bit|\$\{[^{}\s]*\})[.:!?]*(?:[\s"'();,]|\Z))"""
    r"""(?=[^\s"'();,\d]{0,99}\d)"""
    r"""(?(pin)(?:[*#/]*+\d{4,}+)++[*#]*+(?![\w-])|[^\s"'();,]{4,})""",
    re.IGNORECASE,
)


def shown_prose(text: str) -> str:
    """Return what may be prose, such as a comment, with the secrets in it masked."""
    return _PROSE.sub(rf"\g<1>{MASK}", shown_text(text))


def shown_comment(file: str, section: str, text: str) -> str:
    """Return a comment, masked if it comments out an option with a secret."""
    start = _LEAD.match(text).end()  # type: ignore[union-attr]  # it matches anywhere
    name = text[start:].partition("=")[0].rstrip("+ \t")
    found = _SEPARATOR.match(text, start + len(name))
    if name and found and ";" not in name and (_says_secret(name) or len(name.split()) == 1):
        value, mark, rest = text[found.end() :].partition(";")
        bare = value.rstrip()
        value = shown_prose(shown_value(file, section, name, bare)) + value[len(bare) :]
        return text[: found.end()] + value + mark + shown_prose(rest)
    return shown_prose(text)


def shown_words(text: str) -> str:
    """Return a line that is not an option, masked if it is the name of a secret and a value."""
    words = text.split(None, 1)
    if len(words) == 2 and _says_secret(words[0]):
        value = words[1].rstrip()
        start = len(text) - len(text.lstrip()) + len(words[0])
        at = text.index(value, start)
        return text[:at] + MASK + text[at + len(value) :]
    return shown_prose(text)
