"""`ConfigObject`, and the typed classes that the schema reads and writes."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import attrs
import pytest

from asterconf import Config, schema
from asterconf.errors import ModelError, NotFoundError
from asterconf.model import CallerID, ConfigObject, Secret, Setting
from asterconf.model.configobject import SchemaObject
from asterconf.model.options import default, type_of
from asterconf.pjsip import Acl, Auth, Transport
from asterconf.rtp import RtpSettings
from asterconf.testing.strategies.objects import TYPED

LOT = ConfigObject("res_parking.conf", "parking_lot", "sales", {"parkpos": (801, 820)})


def test_an_option_is_an_attribute_and_an_item() -> None:
    queue = ConfigObject("queues.conf", "queue", "q", {"announce-frequency": 30})
    assert queue.announce_frequency == queue["announce-frequency"] == 30
    assert ConfigObject("pjsip.conf", "endpoint", "e", {"100rel": "no"}).rel100 == "no"
    assert ConfigObject("musiconhold.conf", "class", "m", {"format": "ulaw"}).format_ == "ulaw"


def test_what_is_not_said_has_the_default_that_holds() -> None:
    assert (LOT.parkpos, LOT.parkingtime, LOT.parkedplay) == ((801, 820), 45, "caller")
    assert ("parkpos" in LOT, "parkingtime" in LOT) == (True, False)
    assert list(LOT) == ["parkpos"]


def test_empty_is_not_unsaid() -> None:
    said = ConfigObject("pjsip.conf", "endpoint", "e", {"context": ""})
    assert (said.context, "context" in said) == ("", True)
    assert ConfigObject("pjsip.conf", "endpoint", "e").context == "default"


def test_a_text_is_read_as_the_file_would_have_it() -> None:
    given = {"rtp_timeout": "010", "allow": "!all,ULAW", "direct_media": "off", "auth": "a, b"}
    endpoint = ConfigObject("pjsip.conf", "endpoint", "e", given)
    assert dict(endpoint.options) == {
        "allow": ("ulaw",), "auth": ("a", "b"), "direct_media": False, "rtp_timeout": 8,
    }  # fmt: skip


def test_order_and_spelling_make_no_difference() -> None:
    one = ConfigObject("pjsip.conf", "endpoint", "e", {"direct_media": "no", "context": "a"})
    other = ConfigObject("pjsip.conf", "endpoint", "e", [("context", "a"), ("direct_media", False)])
    assert one == other
    assert hash(one) == hash(other)


def test_completion_names_every_option() -> None:
    names = dir(ConfigObject("queues.conf", "queue", "q"))
    assert {"announce_frequency", "strategy", "member", "evolve"} <= set(names)
    assert not {"type_", ""} & set(names)
    assert "announce-frequency" in ConfigObject("queues.conf", "queue")._ipython_key_completions_()


def test_a_misspelt_option_is_answered_with_the_nearest() -> None:
    message = "parking_lot of res_parking.conf has no option 'parkpo'; did you mean parkpos?"
    with pytest.raises(AttributeError, match=message.replace("?", r"\?")):
        _ = LOT.parkpo
    with pytest.raises(NotFoundError, match=message.replace("?", r"\?")):
        ConfigObject("res_parking.conf", "parking_lot", "x", {"parkpo": "1-2"})


def test_a_bad_value_and_a_kind_that_is_not_there_are_refused() -> None:
    with pytest.raises(ModelError) as caught:
        LOT.evolve(parkpos="7")
    assert str(caught.value) == (
        "parking_lot 'sales' of res_parking.conf: parkpos must be two numbers such as 701-750, "
        "not '7'"
    )
    with pytest.raises(ModelError, match=r"there is no 'lot' in 'res_parking\.conf'"):
        ConfigObject("res_parking.conf", "lot")


def test_evolve_changes_and_takes_away() -> None:
    changed = LOT.evolve(parkingtime=60, parkpos=None)
    assert dict(changed.options) == {"parkingtime": 60}
    assert dict(LOT.options) == {"parkpos": (801, 820)}


def test_unknown_lines_are_kept_in_order() -> None:
    obj = ConfigObject("rtp.conf", "general", "general", unknown=["b=1", "a="])
    assert obj.unknown == (Setting("b", "1"), Setting("a", ""))
    assert "b" in obj


def test_secrets_do_not_show() -> None:
    auth = ConfigObject("pjsip.conf", "auth", "a", {"password": "hunter2"})
    assert "hunter2" not in repr(auth) + str(auth)
    assert auth.password == Secret("hunter2")
    assert repr(Setting("endpoint/password", "hunter2")) == (
        "Setting('endpoint/password', '********')"
    )
    assert f"{Setting('secret', 'hunter2')}" == "secret=********"
    assert str(Setting("secret", "hunter2")) == "secret=hunter2"


def test_it_can_be_copied_and_pickled() -> None:
    assert pickle.loads(pickle.dumps(LOT)) == LOT
    assert copy.deepcopy(LOT) == LOT
    assert attrs.evolve(LOT, name="x").name == "x"


def test_repr_makes_it_again() -> None:
    again = eval(repr(LOT), {"ConfigObject": ConfigObject})
    assert again == LOT


# -- typed classes ----------------------------------------------------------------------------


def test_only_the_name_is_positional() -> None:
    for cls in TYPED:
        places = [f.name for f in attrs.fields(cls) if not f.kw_only]
        assert places in ([], ["name"])


def wanted(field: Any) -> set[str]:
    """Return how a field of an option may be annotated."""
    facts, python = field.facts, type_of(field.facts).python
    if field.is_open or (facts.type == "acl" and facts.group != facts.name):
        return {"tuple[Setting, ...]"}
    if facts.secret:
        return {"tuple[Secret, ...]"} if facts.repeat == "accumulate" else {"Secret"}
    if facts.type == "int_range":
        return {"tuple[int, int]"}
    if facts.type == "groups":
        return {"tuple[int, ...]"}
    if facts.type == "fields":
        return {"tuple[tuple[str, ...], ...]"}
    if facts.type == "enum":
        one = "str | int" if facts.raw.get("also") else "str"
    else:
        names = {"float"} if facts.type == "double" else {cls.__name__ for cls in python}
        one = " | ".join(n for n in ("bool", "int", "float", "str", "CallerID") if n in names)
    if python == (tuple,) or facts.repeat == "accumulate":
        return {f"tuple[{one or 'str'}, ...]"}
    return {one}


@pytest.mark.parametrize("cls", TYPED, ids=lambda cls: cls.__name__)
def test_every_option_has_a_field_of_its_type(cls: type[SchemaObject]) -> None:
    kind = cls.facts()
    held = {field.key for field in cls.option_fields()}
    left = {
        o.group
        for o in kind.options.values()
        if not kind.is_discriminator(o) and o.type != "ignored" and o.name != "name"
    } - held
    dialplan_only = {o.name for o in kind.options.values() if o.raw.get("dialplan_only")}
    assert left <= dialplan_only
    annotations = inspect.get_annotations(cls)
    for field in cls.option_fields():
        assert annotations[field.name].removesuffix(" | None") in wanted(field), field.name


def test_a_typed_object_is_a_generic_one_of_its_kind() -> None:
    acl = Acl("a", rules=["deny=0.0.0.0/0", "permit=10.0.0.0/8"])  # type: ignore[arg-type]
    generic = acl.to_object()
    assert (generic.file, generic.kind, generic.name) == ("pjsip.conf", "acl", "a")
    assert generic.rules == (Setting("deny", "0.0.0.0/0"), Setting("permit", "10.0.0.0/8"))
    assert Acl.from_object(generic) == acl
    assert RtpSettings(rtpstart=10000).to_object().name == "general"


def test_a_list_and_a_text_do_for_a_tuple() -> None:
    transport = Transport("t", cipher=["AES128-SHA"], tos="ef")  # type: ignore[arg-type]
    assert (transport.cipher, transport.tos) == (("AES128-SHA",), 184)
    assert Auth("AES128-SHA", password="x").password == Secret("x")  # type: ignore[arg-type]


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        Acl("a", rules=["allow=10.0.0.0/8"])  # type: ignore[arg-type]
    assert str(caught.value) == (
        "Acl 'a': rules must be permit=NETWORK or deny=NETWORK, not 'allow=10.0.0.0/8'"
    )


def test_every_kind_of_section_can_be_a_config_object() -> None:
    for name in schema.files():
        known = schema.file(name)
        for kind in known.objects.values() if known else ():
            obj = ConfigObject(name, kind.name, "x")
            assert obj.options == ()
            assert isinstance(dir(obj), list)


@pytest.mark.parametrize(
    ("lines", "ports"),
    [
        ("", (5000, 31000)),
        ("rtpstart=10001\nrtpend=10010", (10002, 10010)),
        ("rtpstart=10000\nrtpend=10001", (10000, 10001)),
        ("rtpstart=10001\nrtpend=10002", (5000, 31000)),
        ("rtpstart=40000", (5000, 31000)),
        ("rtpend=4000", (5000, 31000)),
        ("rtpstart=20000\nrtpend=10000", (5000, 31000)),
        ("rtpstart=10000\nrtpend=10000", (5000, 31000)),
        ("rtpstart=500", (1024, 31000)),
        ("rtpend=70000", (5000, 65535)),
    ],
)
def test_settings_of_rtp_have_the_ports_in_use(lines: str, ports: tuple[int, int]) -> None:
    """Observed with `rtp show settings` on 22.10.1."""
    conf = Config.from_texts({"rtp.conf": f"[general]\n{lines}\n"})
    (general,) = conf.objects("rtp.conf", "general").values()
    settings = RtpSettings.from_object(general)
    assert (settings.rtpstart, settings.rtpend) == ports
    unusable = ports == (5000, 31000) and bool(lines)
    assert [one.code for one in conf.check() if one.code == "AC610"] == ["AC610"] * unusable


@pytest.mark.parametrize("cls", TYPED, ids=lambda cls: cls.__name__)
def test_fields_have_the_defaults_of_the_schema(cls: type[SchemaObject]) -> None:
    """A field is None only where the schema has no default, or one that depends on others."""
    for field in cls.option_fields():
        if field.is_open or field.name in cls.text_fields:
            continue
        known = default(field.facts)
        written = field.facts.default or ""
        depends = isinstance(known, Secret) or "<" in written or "bindaddr" in written
        if field.default is not None or not (depends or isinstance(known, CallerID)):
            assert field.default == known, field.name
