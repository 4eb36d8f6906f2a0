"""What a home gets in each country: short numbers, codecs, tones, dates."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import attrs
import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType, shortnumberinfo

import asterconf
from asterconf.config import Config
from asterconf.countries import PROFILES, Tones, number_plan, profile
from asterconf.errors import BuildError, ModelError
from asterconf.features import OutgoingCalls, usual_features
from asterconf.home import Country, HomePBX, providers
from asterconf.language.pattern import Pattern, matches
from tests.unit.home.homes import home, lines

E164 = PhoneNumberFormat.E164
REGIONS = sorted(
    region
    for region in phonenumbers.SUPPORTED_REGIONS
    if (example := phonenumbers.example_number(region)) is not None
    and phonenumbers.region_code_for_number(example) == region
)

SOME = REGIONS if os.environ.get("ASTERCONF_FULL") == "1" else REGIONS[::12]
"""Regions of which a home is built: all of them in the full run."""


def number_of(region: str) -> str:
    example = phonenumbers.example_number(region)
    assert example is not None
    return phonenumbers.format_number(example, E164)


def house(region: str, area_code: str = "", **changes: object) -> HomePBX:
    number = number_of(region)
    return home(owner=f"Somebody <{number}>", area_code=area_code, **changes)


def wins(pbx: HomePBX, number: str) -> str:
    """Return the last application that a number dialled by a phone comes to."""
    dialplan = pbx.build().dialplan
    context, exten = "from-home", number
    for _ in range(3):
        found = dialplan.match(exten, context)
        if found.step is None:
            return "nothing"
        target = found.step.data.split(",")
        if found.step.app != "Goto":
            return (
                str(dialplan[context][found.extension.name].steps[-2:]) if found.extension else ""
            )
        context = target[0]
        exten = target[1].replace("${EXTEN}", exten)
        if "$" in exten:
            return f"{context} in full"
    return "too far"


@pytest.mark.parametrize(
    ("region", "area", "opened", "closed"),
    [
        ("DE", "30", ("115", "116117", "116000"), ("11833", "118000", "11880")),
        ("GB", "20", ("101", "111", "105", "116123"), ("118500", "118118")),
        ("FR", "1", ("116117", "3117"), ("118218", "118008")),
        ("IT", "02", ("117", "1522", "1530"), ("1254",)),
        ("PL", "22", ("985", "994", "116111"), ("118913",)),
        ("AT", "1", ("1450", "116117", "147"), ("118877",)),
    ],
)
def test_public_short_numbers_are_open_and_directories_are_not(
    region: str, area: str, opened: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    pbx = house(region, area)
    for number in opened:
        assert "PJSIP/${EXTEN}@voipms" in wins(pbx, number), number
    for number in closed:
        assert "PJSIP" not in wins(pbx, number)


def test_411_is_a_directory_and_its_neighbours_are_not() -> None:
    pbx = home()
    assert "PJSIP" in wins(pbx, "211")
    assert wins(pbx, "411") == "nothing"
    opened = home(
        features=[*usual_features(without=["outgoing_calls"]), OutgoingCalls(open=["411"])]
    )
    assert "PJSIP" in wins(opened, "411")


def test_a_closed_number_is_opened_by_its_key() -> None:
    features = [*usual_features(without=["outgoing_calls"]), OutgoingCalls(open=["118XX"])]
    pbx = house("DE", "30", features=features)
    assert "PJSIP" in wins(pbx, "11833")
    assert "PJSIP" not in wins(pbx, "118000")
    assert HomePBX.adopt(pbx.build()).pbx == pbx
    with pytest.raises(ModelError, match="must be short numbers such as 411"):
        OutgoingCalls(open=["_118"])


def test_a_service_that_is_closed_does_not_go_out_as_a_number_of_ones_own_area() -> None:
    features = [*usual_features(without=["outgoing_calls"]), OutgoingCalls(services=False)]
    pbx = house("GB", "20", features=features)
    for number in ("116123", "116000", "101", "18000"):
        assert "PJSIP" not in wins(pbx, number), number


def test_a_phone_may_have_the_number_of_a_service() -> None:
    phones = [attrs.evolve(home().extensions[0], name="101", number="101")]
    pbx = house("GB", "20", extensions=phones)
    assert "PJSIP/101" in str(pbx.build().dialplan["from-home"]["101"].steps)


@pytest.mark.parametrize("region", REGIONS)
def test_no_premium_short_number_is_open(region: str) -> None:
    meta = phonenumbers.PhoneMetadata.short_metadata_for_region(region, None)
    premium = getattr(meta, "premium_rate", None)
    example = premium.example_number if premium else None
    plan = number_plan(number_of(region), "")
    if example and region not in ("US", "CA") and not number_of(region).startswith("+1"):
        assert not any(matches(form.pattern, example) for form in plan.services), example


@pytest.mark.parametrize("region", SOME)
def test_emergency_numbers_reach_a_trunk_and_closed_ones_none(region: str) -> None:
    number = number_of(region)
    area_code = "" if number.startswith("+1") else "21"
    pbx, plan = house(region, area_code), number_plan(number, area_code)
    if not plan.emergency:  # nothing is guessed: the description has to name them
        with pytest.raises(BuildError, match="names no emergency number"):
            pbx.build()
        return
    dialplan = pbx.build().dialplan
    for dialled in plan.emergency:
        assert shortnumberinfo.is_emergency_number(dialled, region)
        found = dialplan.match(dialled, "from-home")
        assert (found.step and str(found.step)) == "Goto(emergency,${EXTEN},1)"
        steps = [str(step) for step in dialplan["emergency"][dialled].steps]
        assert any(step.startswith("Dial(PJSIP/${EXTEN}@voipms") for step in steps)
    for name in plan.closed:
        closed = Pattern(name).intersection(Pattern(name)) or name
        step = dialplan.match(closed, "from-home").step
        assert str(step) == "Hangup(21)", closed


KINDS = [k for k in PhoneNumberType.values() if k != PhoneNumberType.PAGER]


@pytest.mark.parametrize("area_code", ["", "21"])
def test_numbers_of_every_region_become_what_phonenumbers_says(area_code: str) -> None:
    seen = 0
    for region in REGIONS:
        number = number_of(region)
        plan = number_plan(number, "" if number.startswith("+1") else area_code)
        forms = [*plan.national, *plan.services]
        rows = [f"exten => {form.pattern},1,NoOp({n})\n" for n, form in enumerate(forms)]
        dialplan = Config.from_texts({"extensions.conf": "[a]\n" + "".join(rows)}).dialplan
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None or phonenumbers.region_code_for_number(example) != region:
                continue
            national = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
            dialled = re.sub("[^0-9]", "", national)
            step = dialplan.match(dialled, "a").step
            full = evaluated(forms[int(step.data)].number, dialled) if step else ""
            if (region, kind) != ("CA", PhoneNumberType.UAN):  # 310-1234, seven digits and no area
                assert full == phonenumbers.format_number(example, E164), (region, dialled)
                seen += 1
            if kind == PhoneNumberType.PREMIUM_RATE:
                assert any(matches(name, full) for name in plan.premium), full
    assert seen > 1200


def evaluated(number: str, exten: str) -> str:
    """Return a number in terms of `${EXTEN}` with the digits dialled put in."""
    filled = re.sub(r"\$\{FILTER\(0-9,(.*?\})\)\}", r"\1", number)
    return re.sub(
        r"\$\{EXTEN:?(\d*):?(\d*)\}",
        lambda m: exten[int(m[1] or 0) :][: int(m[2]) if m[2] else None],
        filled,
    )


def test_a_country_has_its_codecs_tones_prompts_and_dates() -> None:
    pbx = house("DE", "30")
    assert "endpoint/allow = !all,alaw,ulaw" in lines("pjsip_wizard.conf", "trunk-defaults", pbx)
    allow = "endpoint/allow = !all,g722,alaw,ulaw"
    assert allow in lines("pjsip_wizard.conf", "extension-defaults", pbx)
    assert lines("indications.conf", "general", pbx) == ["country = de"]
    assert "busy = 425/480,0/480" in lines("indications.conf", "de", pbx)
    assert lines("asterisk.conf", "options", pbx) == ["defaultlanguage = de"]
    assert "locale = de_DE.UTF-8" in lines("voicemail.conf", "general", pbx)
    [zone] = lines("voicemail.conf", "zonemessages", pbx)
    assert zone == "home = Europe/Berlin|'vm-received' Q 'digits/at' R"
    assert pbx.installation().languages == ("de", "en")


def test_one_key_changes_each() -> None:
    own = Country(codecs=["ulaw"], tones="GB", language="en")
    pbx = house("DE", "30", country=own)
    assert "endpoint/allow = !all,ulaw" in lines("pjsip_wizard.conf", "trunk-defaults", pbx)
    assert "busy = 400/375,0/375" in lines("indications.conf", "de", pbx)
    assert lines("asterisk.conf", "options", pbx) == ["defaultlanguage = en"]
    assert HomePBX.adopt(pbx.build()).pbx == pbx
    wrong = house("DE", country=Country(tones="XX"))
    assert [f.path for f in wrong.plan().faults] == ["country.tones"]


@pytest.mark.parametrize(
    ("form", "own", "abroad"),
    [("+", "${EXTEN}", "${EXTEN}"), ("digits", "${EXTEN:1}", "${EXTEN:1}"),
     ("national", "0${EXTEN:3}", "00${EXTEN:1}")],
)  # fmt: skip
def test_a_trunk_gets_numbers_as_it_wants_them(form: str, own: str, abroad: str) -> None:
    calls = OutgoingCalls(international=True, formats={"voipms": form})
    pbx = house("DE", "30", features=[*usual_features(without=["outgoing_calls"]), calls])
    found = lines("extensions.conf", "outgoing", pbx)
    for name, number in (("_+49X!", own), ("_+ZX!", abroad), ("115", "${EXTEN}")):
        start = found.index(f"exten => {name},1,Set(CALLERID(all)=${{MY_CALLER_ID}})")
        assert found[start + 1] == f"same => n,Dial(PJSIP/{number}@voipms)"
    assert HomePBX.adopt(pbx.build()).pbx == pbx


def test_there_are_rows_for_twenty_countries_and_defaults_for_all() -> None:
    assert len(PROFILES) >= 20
    for region, row in PROFILES.items():
        assert row.region == region
        assert "" not in (row.time_zone, row.locale)
    assert sum(bool(row.services) for row in PROFILES.values()) >= 20
    other = profile("+3544101234")
    assert (other.region, other.time_zone, other.codecs) == (
        "IS", "Atlantic/Reykjavik", ("alaw", "ulaw"),
    )  # fmt: skip


def test_each_short_number_has_a_source() -> None:
    costs = shortnumberinfo.ShortNumberCost
    for region, row in PROFILES.items():
        for service in row.services:
            if service.source.startswith("http"):
                continue
            assert service.source == "phonenumbers 9.0"
            found = {
                shortnumberinfo.expected_cost_for_region(
                    phonenumbers.PhoneNumber(
                        country_code=phonenumbers.country_code_for_region(region),
                        national_number=int(number), italian_leading_zero=number[0] == "0" or None,
                    ),
                    region,
                )
                for number in Pattern(f"_{service.number}").numbers()
            } - {None}  # fmt: skip
            known = (
                {costs.TOLL_FREE} if service.is_open else {costs.PREMIUM_RATE, costs.UNKNOWN_COST}
            )
            assert found & known, (region, service.number)


def test_tones_are_those_of_asterisks_own_file(corpus: Path) -> None:
    file = corpus / "public" / "cosmiccableltd+asterisk-conf" / "indications.conf"
    theirs = {section.name: section for section in asterconf.load(file).effective(file.name)}
    seen = 0
    for region, row in PROFILES.items():
        section = theirs.get("uk" if region == "GB" else region.lower())
        if section is None:
            assert row.tones == Tones(), region
            continue
        for name, text in attrs.asdict(row.tones).items():
            ours, known = text.replace("!", "").split(","), section.get(name) or ""
            steps = re.sub("[! ]", "", known).removesuffix(",0").split(",")  # silence at the end
            cycle = itertools.islice(itertools.cycle(ours), len(steps))
            assert not known or steps == list(cycle), (region, name)
            seen += bool(known)
    assert seen > 100


def test_every_feature_is_built_in_another_country() -> None:
    pbx = house("GB", "20", trunks=[providers.generic("a.example", "me", "x" * 14)])
    assert [d for d in pbx.check() if d.severity.name == "ERROR"] == []
