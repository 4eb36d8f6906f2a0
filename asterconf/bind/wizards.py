"""A wizard section ⇄ the PJSIP objects that it makes, both as typed objects."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf.bind.folding import PjsipSet, folded
from asterconf.bind.wizard import Option, PjsipObject, WizardSection
from asterconf.bind.writing import options_of
from asterconf.errors import ModelError
from asterconf.model import ConfigObject, Extension, Trunk
from asterconf.model.endpoint import Endpoint
from asterconf.model.options.section import collect
from asterconf.model.pjsip_objects import Aor, Auth, Identify, Registration
from asterconf.model.schemaobject import SchemaObject

__all__ = ["expand", "fold"]

_CLASSES: dict[str, type[SchemaObject]] = {
    cls.kind: cls for cls in (Endpoint, Aor, Auth, Identify, Registration)
}


def expand(wizard: ConfigObject | Extension | Trunk) -> tuple[SchemaObject | ConfigObject, ...]:
    """Return the objects that Asterisk makes of a wizard section, type by type.

    An object that lacks what it needs, such as an auth without a user name, is not made; of what
    Asterisk refuses for a bad value nothing is left out. What the provisioning of phones takes is
    a `ConfigObject` of the kind `phoneprov`.

    Source: res/res_pjsip_config_wizard.c. Checked: tests/vectors/wizard.

    Raises:
        ModelError: the object is no section of pjsip_wizard.conf.
    """
    if isinstance(wizard, ConfigObject) and wizard.kind != "wizard":
        raise ModelError(f"{wizard.kind} of {wizard.file} is nothing that the wizard takes")
    section = WizardSection.of(wizard.name, (Option(*pair) for pair in options_of(wizard)))
    return tuple(map(_typed, section.objects([]))) if section else ()


def _typed(made: PjsipObject) -> SchemaObject | ConfigObject:
    cls = _CLASSES.get(made.kind)
    kind = cls.facts() if cls else ConfigObject("pjsip.conf", made.kind).facts
    pairs = [(option.name, option.value) for option in made.options]
    found = collect(kind, pairs)
    unknown = [pairs[index] for index in found.unknown]
    obj = ConfigObject.read(kind, made.id, found.options, unknown)
    return cls.from_object(obj) if cls else obj


def fold(objects: Iterable[SchemaObject | ConfigObject]) -> ConfigObject | None:
    """Return the wizard section that makes just these objects; `None`: there is none.

    They are an `Endpoint` and the `Aor`, `Auth`, `Registration` and `Identify` that belong to it.
    What the section makes is the same but for ids: the wizard gives its own ones to auths,
    identifies and registrations. `expand(fold(x)) == x` where `x` has these already.
    """
    given = tuple(objects)
    found = _set(given)
    options = folded(found) if found is not None else None
    if found is None or options is None or len(list(found.objects())) != len(given):
        return None
    wizard = ConfigObject("pjsip_wizard.conf", "wizard").facts
    pairs = [(option.name, option.value) for option in options]
    read = collect(wizard, pairs)
    unknown = [pairs[index] for index in read.unknown]
    return ConfigObject.read(wizard, found.endpoint.id, read.options, unknown)


def _set(given: tuple[SchemaObject | ConfigObject, ...]) -> PjsipSet | None:
    """Return the objects by what they are to their endpoint."""
    endpoints = [one for one in given if isinstance(one, Endpoint)]
    if len(endpoints) != 1:
        return None
    (endpoint,) = endpoints
    auths = {one.name: _plain(one) for one in given if isinstance(one, Auth)}

    def named(names: tuple[str, ...] | None) -> PjsipObject | None:
        return auths.get(names[0]) if names else None

    return PjsipSet(
        _plain(endpoint),
        tuple(_plain(one) for one in given if isinstance(one, Aor)),
        named(endpoint.auth),
        named(endpoint.outbound_auth),
        tuple(_plain(one) for one in given if isinstance(one, Registration)),
        tuple(_plain(one) for one in given if isinstance(one, Identify)),
    )


def _plain(obj: SchemaObject) -> PjsipObject:
    name = getattr(obj, "name", "")
    options = tuple(Option(*pair) for pair in options_of(obj) if pair[0] != "type")
    return PjsipObject(obj.kind, name, options)
