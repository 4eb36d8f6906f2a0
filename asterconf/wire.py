"""Model objects ⇄ plain dicts, lists and texts, for JSON, TOML and other programs.

The keys are the names of the model's fields; fields with their default are omitted. A tuple is a
list, a caller id and a phone are text (`Living Room <6001>`, `Yealink T54W`), and a secret is **its
revealed text**: such a dict contains passwords. The keys of the `options` of a `ConfigObject` are
the names of options in files.

`structure(unstructure(x), type(x)) == x` for every object of `asterconf.model`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from os import PathLike
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_unstructure_fn

from asterconf.errors import ModelError, NotFoundError
from asterconf.model.checks import Attribute, DataFault
from asterconf.model.configobject import ConfigObject, SchemaObject
from asterconf.model.phones import Phone
from asterconf.model.phones import parse as parse_phone
from asterconf.model.values import CallerID, Secret, Setting
from asterconf.schema import DEFAULT_SCHEMA, Schema
from asterconf.secrets import shown_data

__all__ = ["DataFault", "collect", "records", "structure", "unstructure"]

T = TypeVar("T")


_known_schema: ContextVar[Schema] = ContextVar("known_schema", default=DEFAULT_SCHEMA)
"""What is known about the sections that objects are made of."""


class _FaultsError(Exception):
    """All faults of one value. Caught in this module, never shown to a user."""

    def __init__(self, faults: list[DataFault]) -> None:
        super().__init__(faults)
        self.faults = faults


def unstructure(obj: object, *, null: object = None) -> Any:  # noqa: ANN401
    """Return `obj` as dicts, lists, texts, numbers and flags; secrets are revealed.

    Args:
        obj: an object of `asterconf.model`, or a tuple of these.
        null: the replacement for `None` where that is not the default. TOML has no null, and
            `structure` takes `False` for it.
    """
    plain = _converter().unstructure(obj)
    return plain if null is None else _without_none(plain, null)


def _without_none(value: Any, null: object) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _without_none(item, null) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_none(item, null) for item in value]
    return null if value is None else value


def records(objects: Iterable[object], *, reveal: bool = False) -> list[dict[str, Any]]:
    """Return objects as plain dicts; secrets are masked unless `reveal` is true."""
    converter = _converter(reveal=reveal)
    data = [converter.unstructure(obj) for obj in objects]
    return data if reveal else shown_data(data)


def structure(data: object, cls: type[T], *, schemas: Iterable[str | PathLike[str]] = ()) -> T:
    """Return the object of class `cls` that `data` describes.

    Args:
        data: dicts, lists, texts, numbers and flags, as `unstructure` returns them.
        cls: the class of the object.
        schemas: what `load` takes, for a `ConfigObject` of a file that they describe.

    Raises:
        LoadError: a schema is not as it must be.
        ModelError: `data` is not valid; the message lists every fault with its path.
    """
    from asterconf.schema.own import extended

    before = _known_schema.set(extended(DEFAULT_SCHEMA, schemas))
    try:
        obj, faults = collect(data, cls)
    finally:
        _known_schema.reset(before)
    if obj is None or faults:
        raise ModelError("\n".join(map(str, faults)))
    return obj


def collect(data: object, cls: type[T], path: str = "") -> tuple[T | None, list[DataFault]]:
    """Return the object that `data` describes, or `None` and every fault of the data.

    Args:
        data: dicts, lists, texts, numbers and flags, as `unstructure` returns them.
        cls: the class of the object.
        path: a prefix for the path of each fault.
    """
    try:
        return _converter().structure(data, cls), []
    except _FaultsError as error:
        return None, [fault.below(path) for fault in error.faults]


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, (list, tuple)) else repr(value)


def _wrong(problem: str) -> _FaultsError:
    return _FaultsError([DataFault("", problem)])


def _scalar(kind: type, wanted: str) -> Callable[[Any, Any], Any]:
    def structure_scalar(value: Any, _: Any) -> Any:  # noqa: ANN401
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)
        raise _wrong(f"must be {wanted}, not {_shown(value)}")

    return structure_scalar


def _from_text(make: Callable[[str], Any], wanted: str) -> Callable[[Any, Any], Any]:
    def structure_text(value: Any, _: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, str):
            raise _wrong(f"must be {wanted}, not {_shown(value)}")
        try:
            return make(value)
        except ModelError as error:
            raise _wrong(str(error)) from None

    return structure_text


def _literal(value: Any, kind: Any) -> Any:  # noqa: ANN401
    if value in get_args(kind):
        return value
    raise _wrong(f"must be one of {', '.join(map(repr, get_args(kind)))}, not {_shown(value)}")


def _structured(parts: Iterable[tuple[str, Any, Any]], faults: list[DataFault]) -> dict[str, Any]:
    """Return the objects of parts of the data by path; adds to `faults` what is wrong with them.

    Each part is its path, its data, and the class of its object.
    """
    done = {}
    for path, value, kind in parts:
        try:
            done[path] = _converter().structure(value, kind)
        except _FaultsError as error:
            faults += [fault.below(path) for fault in error.faults]
    return done


def _items(value: Any, kind: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, (list, tuple)):
        raise _wrong(f"must be a list, not {_shown(value)}")
    args = get_args(kind)
    each = [args[0]] * len(value) if args[1:] in ((), (...,)) else list(args)
    if len(each) != len(value):
        raise _wrong(f"must be a list of {len(each)}, not of {len(value)}")
    faults: list[DataFault] = []
    pairs = enumerate(zip(value, each, strict=True))
    done = _structured(((f"[{n}]", item, item_kind) for n, (item, item_kind) in pairs), faults)
    if faults:
        raise _FaultsError(faults)
    return tuple(done.values())


def _table(value: Any, kind: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, Mapping):
        raise _wrong(f"must be a table, not {_shown(value)}")
    faults: list[DataFault] = []
    item_kind = get_args(kind)[1]
    done = _structured(((str(key), item, item_kind) for key, item in value.items()), faults)
    if faults:
        raise _FaultsError(faults)
    return done


def _union(value: Any, kind: Any) -> Any:  # noqa: ANN401
    kinds = get_args(kind)
    no = value is None or (value is False and bool not in kinds)
    if no and type(None) in kinds:
        return None
    error = None
    for candidate in kinds:
        if candidate is not type(None):
            try:
                return _converter().structure(value, candidate)
            except _FaultsError as failed:
                error = error or failed
    raise error or _wrong(f"must be empty, not {_shown(value)}")


def _object(cls: type[Any]) -> Callable[[Any, Any], Any]:
    attrs.resolve_types(cls)
    fields = {str(field.alias): field for field in attrs.fields(cls) if field.init}

    def structure_object(value: Any, _: Any) -> Any:  # noqa: ANN401
        """Return an object of a table, or refuse it with all that is wrong."""
        if not isinstance(value, Mapping):
            raise _wrong(f"must be a table of {', '.join(fields)}, not {_shown(value)}")
        faults = [DataFault.unknown(str(key), fields) for key in value if key not in fields]
        given: dict[str, Any] = {}
        for name, field in fields.items():
            if name in value:
                given |= _structured([(name, value[name], field.type)], faults)
            elif field.default is attrs.NOTHING:
                faults.append(DataFault(name, "is missing"))
        faults += [fault for name, field in fields.items() for fault in _refused(cls, field, given)]
        if issubclass(cls, SchemaObject):
            faults += [DataFault(*fault) for fault in cls.invalid_fields(given)]
        if faults:
            raise _FaultsError(faults)
        try:
            return cls(**given)
        except ModelError as error:
            fault = DataFault(getattr(error, "field", ""), getattr(error, "problem", str(error)))
            raise _FaultsError([fault]) from None

    return structure_object


def _refused(cls: type[Any], field: Attribute, given: Mapping[str, Any]) -> list[DataFault]:
    """Run a field's own validator, so that the faults of all fields are reported, not one."""
    name = str(field.alias)
    if name not in given or field.validator is None:
        return []
    value = given[name]
    try:
        if field.converter is not None:
            value = field.converter(value)  # type: ignore[operator]
        field.validator(object.__new__(cls), field, value)
    except ModelError as error:
        return [DataFault(name, str(getattr(error, "problem", error)))]
    return []


@cache
def _converter(*, reveal: bool = True) -> cattrs.Converter:
    """Return the converter; unless `reveal`, its plain data have secrets masked."""
    converter = cattrs.Converter(detailed_validation=False)
    converter.register_structure_hook(str, _scalar(str, "text"))
    converter.register_structure_hook(int, _scalar(int, "a whole number"))
    converter.register_structure_hook(float, _scalar(float, "a number"))
    converter.register_structure_hook(bool, _scalar(bool, "true or false"))
    converter.register_structure_hook_func(_is_tuple, _items)
    converter.register_structure_hook_func(_is_literal, _literal)
    converter.register_structure_hook_func(_is_mapping, _table)
    converter.register_structure_hook_func(_is_union, _union)
    converter.register_structure_hook_factory(attrs.has, _object)
    converter.register_unstructure_hook_factory(
        attrs.has, lambda cls: _unstructure_object(cls, converter)
    )
    converter.register_unstructure_hook_func(_is_union, converter.unstructure)
    converter.register_unstructure_hook_func(
        _is_tuple, lambda value: [converter.unstructure(item) for item in value]
    )
    phone = _from_text(parse_phone, "text such as 'Yealink T54W'")
    converter.register_structure_hook_func(_is_phone, phone)
    converter.register_unstructure_hook_func(_is_phone, str)
    converter.register_structure_hook(CallerID, _structure_callerid)
    converter.register_unstructure_hook(CallerID, str)
    setting = _from_text(Setting.parse, "text such as 'endpoint/dtmf_mode=info'")
    converter.register_structure_hook(Setting, setting)
    as_text: Callable[[Any], str] = str if reveal else format
    converter.register_unstructure_hook(Setting, as_text)
    converter.register_structure_hook(ConfigObject, _structure_config_object)
    converter.register_unstructure_hook(
        ConfigObject, lambda obj: _unstructure_config_object(obj, converter)
    )
    converter.register_structure_hook(Secret, _structure_secret)
    converter.register_unstructure_hook(Secret, Secret.reveal if reveal else str)
    return converter


def _is_tuple(kind: Any) -> bool:  # noqa: ANN401
    return kind is tuple or get_origin(kind) is tuple


def _is_literal(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is Literal


def _is_mapping(kind: Any) -> bool:  # noqa: ANN401
    origin: Any = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_union(kind: Any) -> bool:  # noqa: ANN401
    origin: Any = get_origin(kind)
    return origin is Union or origin is types.UnionType


def _structure_secret(value: Any, _: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        raise _wrong("must be text in quotes")  # and is not shown
    return _from_text(Secret, "")(value, Secret)


def _is_phone(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and issubclass(kind, Phone)


def _structure_callerid(value: Any, kind: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return _object(CallerID)(value, kind)
    return _from_text(CallerID.parse, "text such as 'Kitchen <6002>'")(value, kind)


def _unstructure_config_object(obj: ConfigObject, converter: cattrs.Converter) -> dict[str, Any]:
    """Return file, kind and name, and the options by their names in files."""
    out: dict[str, Any] = {"file": obj.file, "kind": obj.kind, "name": obj.name}
    out["options"] = {name: converter.unstructure(value) for name, value in obj.options}
    if obj.unknown:
        out["unknown"] = [converter.unstructure(setting) for setting in obj.unknown]
    return out


def _structure_config_object(value: Any, _: Any) -> ConfigObject:  # noqa: ANN401
    names, known = ("file", "kind", "name", "options", "unknown"), _known_schema.get()
    if not isinstance(value, Mapping):
        raise _wrong(f"must be a table of {', '.join(names)}, not {_shown(value)}")
    faults = [DataFault.unknown(str(key), names) for key in value if key not in names]
    faults += [
        DataFault(name, "is missing" if name not in value else "must be text")
        for name in ("file", "kind")
        if not isinstance(value.get(name), str)
    ]
    options, lines = value.get("options", {}), value.get("unknown", ())
    if not isinstance(options, Mapping):
        faults.append(DataFault("options", f"must be a table, not {_shown(options)}"))
    if not isinstance(lines, list | tuple) or not all(isinstance(x, str) for x in lines):
        faults.append(DataFault("unknown", "must be a list of texts such as 'name=value'"))
    if not faults:
        for name, item in options.items() if _known(value, faults) else ():
            try:
                given = {name: _tuples(item)}
                ConfigObject(value["file"], value["kind"], options=given, schema=known)
            except NotFoundError as error:
                faults.append(DataFault(f"options.{name}", str(error)))
            except ModelError as error:
                faults.append(DataFault(f"options.{name}", str(getattr(error, "problem", error))))
    if faults:
        raise _FaultsError(faults)
    typed = {name: _tuples(item) for name, item in options.items()}
    name = value.get("name", "")
    return ConfigObject(value["file"], value["kind"], name, typed, tuple(lines), schema=known)


def _known(value: Mapping[str, Any], faults: list[DataFault]) -> bool:
    """Tell whether there is such a kind of section; if not, add a fault."""
    try:
        ConfigObject(value["file"], value["kind"], schema=_known_schema.get())
    except ModelError as error:
        faults.append(DataFault("kind", str(error)))
        return False
    return True


def _tuples(value: Any) -> Any:  # noqa: ANN401 - any Value
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _unstructure_object(
    cls: type[Any], converter: cattrs.Converter
) -> Callable[[Any], dict[str, Any]]:
    attrs.resolve_types(cls)
    return make_dict_unstructure_fn(
        cls, converter, _cattrs_omit_if_default=True, _cattrs_use_alias=True
    )
