"""Many edits of one configuration at once, over the same edits made as text."""

from collections.abc import Callable, Mapping
from time import process_time

from asterconf import CallerID, Config, Extension, Mailbox, Queue
from tests.bench.measure import Spread

__all__ = ["EDITS", "batch"]

Edit = Callable[[Config, int], None]

_TEMPLATE = """\
[phone](!)
type=wizard
accepts_registrations=yes
accepts_auth=yes
endpoint/allow=!all,ulaw
aor/max_contacts=2

"""


def house(phones: int) -> Config:
    """Return a configuration of so many phones."""
    text = _TEMPLATE
    for n in range(phones):
        name = f"6{n:05}"
        text += f"[{name}](phone)\nendpoint/callerid=Phone <{name}>\n"
        text += f"inbound_auth/username={name}\ninbound_auth/password=Uo3kTq9v-{n * 7919:07}\n\n"
    plan = "[home]\n" + "".join(f"exten => 6{n:05},1,NoOp()\n" for n in range(50))
    boxes = "[default]\n" + "".join(f"6{n:05} => 2846,Box {n}\n" for n in range(phones))
    queues = "[all]\nstrategy = ringall\ntimeout = 20\n\n"
    return Config.from_texts({"pjsip_wizard.conf": text, "extensions.conf": plan,
                              "voicemail.conf": boxes, "queues.conf": queues})  # fmt: skip


def _update(config: Config, count: int) -> None:
    phones = [*config.extensions.values()]
    with config.edit():
        for phone in phones[:count]:
            config.update(phone, callerid=CallerID("New", phone.name))


def _update_text(config: Config, count: int) -> None:
    document = config["pjsip_wizard.conf"]
    for name in [*config.extensions][:count]:
        document[name]["endpoint/callerid"] = f"New <{name}>"


def _add(config: Config, count: int) -> None:
    with config.edit():
        for n in range(count):
            callerid = CallerID("New", f"7{n:05}")
            config.add(Extension(name=f"7{n:05}", callerid=callerid, secret=f"password{n}"))


def _add_text(config: Config, count: int) -> None:
    document = config["pjsip_wizard.conf"]
    section = document.sections[-1]
    for n in range(count):
        section = document.add_section(f"7{n:05}", inherits=("phone",), after=section)
        section.add("endpoint/callerid", f"New <7{n:05}>")
        section.add("inbound_auth/username", f"7{n:05}")
        section.add("inbound_auth/password", f"password{n}")


def _add_boxes(config: Config, count: int) -> None:
    with config.edit():
        for n in range(count):
            config.add(Mailbox(f"7{n:05}", name=f"New {n}"))


def _add_boxes_text(config: Config, count: int) -> None:
    section = config["voicemail.conf"]["default"]
    for n in range(count):
        section.add(f"7{n:05}", f",New {n}")


def _remove_boxes(config: Config, count: int) -> None:
    boxes = [*config.mailboxes.values()]
    with config.edit():
        for box in boxes[:count]:
            config.remove(box)


def _remove_boxes_text(config: Config, count: int) -> None:
    section = config["voicemail.conf"]["default"]
    for option in section.options[:count]:
        section.remove(section.first(option.name))


def _add_in_turn(config: Config, count: int) -> None:
    with config.edit():
        for n in range(count // 2):
            callerid = CallerID("New", f"7{n:05}")
            config.add(Extension(name=f"7{n:05}", callerid=callerid, secret=f"password{n}"))
            config.add(Queue(f"q{n}", strategy="rrmemory", timeout=30))


def _add_in_turn_text(config: Config, count: int) -> None:
    _add_text(config, count // 2)
    document = config["queues.conf"]
    section = document.sections[-1]
    for n in range(count // 2):
        section = document.add_section(f"q{n}", after=section)
        section.add("strategy", "rrmemory")
        section.add("timeout", "30")


def _remove(config: Config, count: int) -> None:
    phones = [*config.extensions.values()]
    with config.edit():
        for phone in phones[:count]:
            config.remove(phone)


def _remove_text(config: Config, count: int) -> None:
    document = config["pjsip_wizard.conf"]
    for name in [*config.extensions][:count]:
        document.remove_section(document[name])


def _rename(config: Config, count: int) -> None:
    phones = [*config.extensions.values()]
    with config.edit():
        for phone in phones[:count]:
            config.rename(phone, f"new{phone.name}").apply()


def _rename_text(config: Config, count: int) -> None:
    document = config["pjsip_wizard.conf"]
    for name in [*config.extensions][:count]:
        document[name].name = f"new{name}"


def _extend(config: Config, count: int) -> None:
    with config.dialplan.edit("home") as context:
        for n in range(count // 10):
            context.add(f"8{n:05}", f"NoOp({n})", f"Dial(PJSIP/8{n:05})", "Hangup()")


def _extend_text(config: Config, count: int) -> None:
    context = config["extensions.conf"]["home"]
    for n in range(count // 10):
        context.add("exten", f"8{n:05},1,NoOp({n})")
        context.add("same", f"n,Dial(PJSIP/8{n:05})")
        context.add("same", "n,Hangup()")


EDITS: Mapping[str, tuple[Edit, Edit]] = {
    "update phones": (_update, _update_text),
    "add phones": (_add, _add_text),
    "add phones and queues in turn": (_add_in_turn, _add_in_turn_text),
    "add mailboxes": (_add_boxes, _add_boxes_text),
    "remove mailboxes": (_remove_boxes, _remove_boxes_text),
    "remove phones": (_remove, _remove_text),
    "rename phones": (_rename, _rename_text),
    "add a tenth as many extensions to a context": (_extend, _extend_text),
}


def batch(name: str, count: int, seconds: float) -> Spread:
    """Return the time of so many edits in one batch, over that of the same as text.

    Both read back the objects once. Without `seconds` it is measured once, else three times.
    """
    for edit in EDITS[name]:
        edit(house(10), 10)  # what is loaded and compiled on first use
    found: list[float] = []
    for _ in range(3 if seconds else 1):
        took = []
        for edit in EDITS[name]:
            config = house(count)
            config.extensions, config.dialplan, config.references  # noqa: B018 - all are warm
            config.mailboxes, config.queues  # noqa: B018
            start = process_time()
            edit(config, count)
            config.extensions, config.dialplan, config.mailboxes, config.queues  # noqa: B018
            took.append(process_time() - start)
        found.append(took[0] / took[1])
    return Spread.of(found)
