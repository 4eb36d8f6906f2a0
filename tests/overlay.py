"""Makes `asterconf/schema/data/overlay.json` from the facts in `tests/data`.

`python -m tests.overlay` writes it. A row says how one fact stands in each of the versions; only
facts that are not the same in all of them have one, and which of several lines counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asterconf import schema

DATA = Path(__file__).parent / "data"
TARGET = Path(schema.__file__).parent / "data" / "overlay.json"

VERSIONS = {
    "18": "18.26.4",
    "20": "20.21.0-rc1",
    "21": "21.12.3",
    "22": "22.10.1",
    "22.11": "22.11.0-rc1",
    "23": "23.5.0-rc1",
}
"""The versions, each with the release whose source the facts were read from."""

COLUMNS = {"18": "18", "20": "20", "21": "21", "22": "22.10.1", "22.11": "22", "23": "23"}
"""What `versions.json` calls each of them."""

OLD_FILE_NAMES = {
    "named_acl.conf": "acl.conf",
    "http_media_cache.conf": "res_http_media_cache.conf",
}
"""Files that the documentation of older versions calls otherwise than the source that opens them.

Source: main/acl.c (ACL_CONFIG_FILENAME), res/res_http_media_cache.c.
"""

WHOLE_SECTIONS = {"general", "global", "_general", "ienum", "master", "radius"}
"""Objects of `readers.json` that are the name of a section; others stand for any section."""

_SINCE_NEWEST = {"since": ["20.21.0", "22.11.0", "23.5.0"]}

BY_HAND: tuple[dict[str, Any], ...] = (
    {"kind": "retrieve", "owner": "", "name": "ast_variable_retrieve",
     "values": ["first"] * 5 + ["last"], "source": "main/config.c ast_variable_retrieve"},
    {"kind": "gone", "owner": "", "name": "*", "values": [None, None, True, True, True, True],
     "source": "no branch after 21.0.0 removed a module"},
    *(
        {"kind": "module", "owner": "", "name": name, "values": [True, True] + [False] * 4,
         "reads": reads, "source": "removed in 21.0.0"}
        for name, reads in {
            "app_macro": [], "app_osplookup": ["osp.conf"], "chan_alsa": ["alsa.conf"],
            "chan_mgcp": ["mgcp.conf"], "chan_sip": ["sip.conf", "sip_notify.conf", "users.conf"],
            "chan_skinny": ["skinny.conf"], "res_monitor": [],
        }.items()
    ),
    *(
        {"kind": "module", "owner": "", "name": name, "values": [True] + [False] * 5,
         "reads": reads, "source": "removed between 18 and 20"}
        for name, reads in {
            "app_dahdiras": [], "app_ices": [], "app_image": [], "app_mysql": ["app_mysql.conf"],
            "app_nbscat": [], "app_url": [], "cdr_mysql": ["cdr_mysql.conf"],
        }.items()
    ),
    {"kind": "reader", "owner": "users.conf", "name": "*", "values": [True] * 5 + [False],
     "source": "no module of 23 opens it"},
    {"kind": "reader", "owner": "phoneprov_users.conf", "name": "res_phoneprov",
     "values": [False] * 5 + [True], "source": "res/res_phoneprov.c load_users"},
    *(
        {"kind": "option", "owner": owner, "name": name, "values": [True] * 5 + [False],
         "source": why}
        for owner, name, why in (
            ("logger.conf/general", "rotatetimestamp", "main/logger.c init_logger_chain"),
            ("musiconhold.conf/class", "random", "res/res_musiconhold.c moh_parse_options"),
            ("voicemail.conf/general", "maxmessage", "apps/app_voicemail.c actual_load_config"),
            ("voicemail.conf/general", "minmessage", "apps/app_voicemail.c actual_load_config"),
            ("voicemail.conf/mailbox_options", "maxmessage", "apps/app_voicemail.c apply_option"),
            ("voicemail.conf/general", "userscontext", "apps/app_voicemail.c actual_load_config"),
            ("extensions.conf/general", "userscontext", "pbx/pbx_config.c: read, without effect"),
        )
    ),
    *(
        {"kind": "option", "owner": owner, "name": name, "values": [True, True] + [False] * 4,
         "source": why}
        for owner, name, why in (
            ("queues.conf/queue", "monitor-type", "apps/app_queue.c queue_set_param"),
            ("queues.conf/general", "monitor-type", "apps/app_queue.c queue_set_global_params"),
            ("queues.conf/queue", "membermacro", "apps/app_queue.c queue_set_param"),
            ("asterisk.conf/options", "stdexten", "main/options.c: parsed, without effect"),
        )
    ),
    *(
        {"kind": "value", "owner": owner, "name": name,
         "values": [True] * 5 + [False], "source": why}
        for owner, name, why in (
            ("musiconhold.conf/class", "application=r", "res/res_musiconhold.c"),
            ("pjsip.conf/endpoint", "language=cz", "apps/app_voicemail.c vm_intro"),
            ("voicemail.conf/mailbox_options", "language=cz", "apps/app_voicemail.c vm_intro"),
        )
    ),
    *(
        {"kind": "technology", "owner": "", "name": name, "values": [True, True] + [False] * 4,
         "source": f"{module} is gone since 21.0.0"}
        for name, module in (("sip", "chan_sip"), ("mgcp", "chan_mgcp"), ("skinny", "chan_skinny"))
    ),
    *(
        {"kind": "default", "owner": "http.conf/general", "name": name,
         "values": ["yes"] + ["no"] * 5, "source": "main/http.c __ast_http_load"}
        for name in ("enable_status",)
    ),
)  # fmt: skip
"""Facts that the two tables lack, each with where it was read."""


def read(name: str) -> Any:
    """Return one of the tables."""
    return json.loads((DATA / f"{name}.json").read_text())


def documented() -> Iterator[dict[str, Any]]:
    """Yield a row for each name that not all versions document."""
    series, source = read("versions")["series"], "XML documentation of each branch"
    columns = [series.get(COLUMNS[version]) for version in VERSIONS]  # None: 22.10.1, the base
    for table, kind in (
        ("applications", "application"), ("functions", "function"),
        ("manager_actions", "action"), ("option_letters", "letter"), ("options", "option"),
    ):  # fmt: skip
        only = [set((c or {}).get(table, {}).get("only_here", ())) for c in columns]
        lacking = [set((c or {}).get(table, {}).get("not_here", ())) for c in columns]
        if kind == "option":
            only = [{_renamed(name) for name in names} for names in only]
            lacking = [
                gone - more for gone, more in zip(lacking, only, strict=True)
            ]  # by another name
            base = {name for names in lacking for name in names}
            only = [{n for n in names if ".conf/" in n and n not in base and not _same(n)}
                    for names in only]  # fmt: skip
        for name in sorted(set().union(*only)):
            yield _row(kind, name, [name in names for names in only], source)
        for name in sorted(set().union(*lacking)):
            yield _row(kind, name, [name not in names for names in lacking], source)
    for table, kind, key in (
        ("applications", "arguments", "parameters_differ"),
        ("options", "default", "default_differs"),
    ):  # fmt: skip
        found = [(c or {}).get(table, {}).get(key, {}) for c in columns]
        for name in sorted(set().union(*found)):
            base_value = next(one[name]["22.10.1"] for one in found if name in one)
            values = [one[name]["here"] if name in one else base_value for one in found]
            yield _row(kind, name, values, source)


def _renamed(name: str) -> str:
    file, _, rest = name.partition("/")
    return f"{OLD_FILE_NAMES.get(file, file)}/{rest}"


def _same(name: str) -> bool:
    """Tell whether an option is only documented under another file's name in older versions."""
    return name.partition("/")[0] in OLD_FILE_NAMES.values()


def _row(kind: str, name: str, values: list[Any], source: str) -> dict[str, Any]:
    owner, _, last = name.rpartition("/")
    row = {"kind": kind, "owner": owner, "name": last, "values": values, "source": source}
    newest = kind == "option" and values == [False, True, False, False, True, True]
    return {**row, **(_SINCE_NEWEST if newest else {})}


def readers() -> Iterator[dict[str, Any]]:
    """Yield a row for each option, of which several lines may stand: which of them counts."""
    for file, objects in read("readers").items():
        for name, options in objects.items() if not file.startswith("_") else ():
            for option, row in options.items():
                values = [row[c] for c in ("18", "20", "21", "22.10.1", "22.10.1", "23")]
                base = file.rpartition("/")[2]
                owner = f"{base}/{'*' if name.startswith('* ') else name}"
                some = {} if name in WHOLE_SECTIONS else {"any": True}
                yield {"kind": "repeat", "owner": owner, "name": option, "values": values,
                       **some, "source": row["reader"]}  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Return every row of the overlay."""
    return [*documented(), *readers(), *BY_HAND]


def text() -> str:
    """Return the overlay as it is written, one row a line."""
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows())
    head = json.dumps(VERSIONS)
    return f'{{\n "base": "22",\n "versions": {head},\n "rows": [\n{lines}\n ]\n}}\n'


if __name__ == "__main__":
    TARGET.write_text(text())
