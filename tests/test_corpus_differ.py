"""Real configurations: nothing differs from itself, and a change of one can be merged."""

from collections.abc import Iterator
from pathlib import Path

import asterconf
from asterconf import Config, Diff, diff, merge
from asterconf.errors import EditError, LoadError

EVERY = 6
"""Of so many folders one is edited and merged."""


def folders(corpus: Path) -> list[Path]:
    return sorted({path.parent for path in corpus.rglob("*.conf")})


def read(folder: Path) -> Config | None:
    """Return a folder with all that its files include; `None`: it cannot be read."""
    try:
        conf = asterconf.load(folder)
    except LoadError:
        return None
    for name in conf.files:
        conf.effective(name)
    return conf


def edited(folder: Path) -> Config:
    """Return a folder with the first number of each file one more."""
    conf = asterconf.load(folder)
    for name in conf.files:
        numbers = (
            (section, option)
            for section in conf[name].sections
            for option in section.options
            if option.value.isdecimal()
        )
        for section, option in numbers:
            try:
                section.set(option, str(int(option.value) + 1))
            except EditError:
                continue
            break
    return conf


def pairs(corpus: Path) -> Iterator[tuple[Path, Config, Config]]:
    """Yield folders as they are, and with some numbers changed."""
    for folder in folders(corpus)[::EVERY]:
        conf = read(folder)
        if conf is not None:
            yield folder, conf, edited(folder)


def texts(conf: Config) -> dict[str, str]:
    return {name: str(conf[name]) for name in conf.files}


def every_print(found: Diff) -> list[object]:
    return [
        found.to_text(details=True),
        found.to_markdown(),
        found.to_unified(),
        found.to_html(),
        found.to_dict(),
    ]


def test_no_configuration_differs_from_itself(corpus: Path) -> None:
    done = 0
    for folder in folders(corpus):
        one, other = read(folder), read(folder)
        if one is not None and other is not None:
            assert diff(one, other).is_empty, folder
            done += 1
    assert done > 800


def test_what_was_edited_is_told_taken_and_kept(corpus: Path) -> None:
    told = taken = 0
    for folder, base, other in pairs(corpus):
        found = diff(base, other)
        assert found.is_empty or all(every_print(found))
        told += len(found)
        kept = merge(base, other, asterconf.load(folder))
        assert kept.is_clean
        assert texts(kept.config) == texts(other)
        merged = merge(base, asterconf.load(folder), other)
        left = {change.name for change in diff(merged.config, other)}
        assert left <= {conflict.owner.name for conflict in merged.conflicts}, folder
        taken += merged.is_clean
    assert told > 100
    assert taken > 140
