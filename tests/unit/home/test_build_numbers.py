"""How numbers are dialled in other countries, by the tables of phonenumbers."""

import subprocess
import sys

import phonenumbers
import pytest

from asterconf.countries import Form, NumbersError, number_plan
from asterconf.language.pattern import matches
from tests.unit.home.homes import home, lines


def test_germany() -> None:
    plan = number_plan("+493012345678", "30")
    assert (plan.name, plan.emergency, plan.own) == ("DE", ("110", "112"), "_+49X!")
    assert {form.pattern: form.number for form in plan.national} == {
        "_+49X!": "+${FILTER(0-9,${EXTEN:1})}",
        "_0049X!": "+${FILTER(0-9,${EXTEN:2})}",
        "_0ZX!": "+49${FILTER(0-9,${EXTEN:1})}",
        "_ZXXXX!": "+49${MY_AREA_CODE}${FILTER(0-9,${EXTEN})}",
    }
    assert [form.pattern for form in plan.international] == ["_00ZX!", "_+ZX!"]
    assert "_+49900[135]X!" in plan.premium


def test_denmark_has_no_prefix_and_numbers_of_one_length() -> None:
    plan = number_plan("+4532123456", "")
    assert Form("_NXXXXXXX", "+45${EXTEN}", "8 digits, as numbers are here.") in plan.national
    assert plan.emergency == ("112", "114")


@pytest.mark.parametrize(
    ("number", "emergency"),
    [
        ("+442079460000", {"112", "999"}),
        ("+33142345678", {"112", "15", "17", "18"}),
        ("+61212345678", {"000", "106", "112"}),
        ("+81312345678", {"110", "119"}),
    ],
)
def test_emergency_numbers_are_those_of_the_country(number: str, emergency: set[str]) -> None:
    assert set(number_plan(number, "").emergency) == emergency


PLACES = sorted(phonenumbers.SUPPORTED_REGIONS - {"US", "CA"})


def test_emergency_numbers_of_north_america_are_those_of_each_area() -> None:
    for code in range(200, 1000):
        full = f"+1{code}2345678"
        region = phonenumbers.region_code_for_number(phonenumbers.parse(full))
        if region is not None:
            for number in number_plan(full, str(code)).emergency:
                assert phonenumbers.is_emergency_number(number, region), (code, number)


def forms(number: phonenumbers.PhoneNumber) -> list[str]:
    full = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return [full, "".join(c for c in national if c.isdigit())]


@pytest.mark.parametrize("region", PLACES)
def test_example_numbers_of_a_country_can_be_dialled_and_expensive_ones_are_closed(
    region: str,
) -> None:
    example = phonenumbers.example_number(region)
    if example is None or phonenumbers.region_code_for_number(example) != region:
        pytest.skip("phonenumbers has no example of this country")
    full, national = forms(example)
    plan = number_plan(full, "")
    assert any(matches(form.pattern, full) for form in plan.national)
    assert matches(plan.own, full)
    if region not in ODD:
        assert any(matches(form.pattern, national) for form in plan.national), national
    expensive = phonenumbers.example_number_for_type(
        region, phonenumbers.PhoneNumberType.PREMIUM_RATE
    )
    if expensive is not None:
        assert any(matches(pattern, forms(expensive)[0]) for pattern in plan.premium)
    for number in plan.emergency:
        assert phonenumbers.is_emergency_number(number, region)


ODD = {"BY"}  # the 0 behind its prefix belongs to neither


def test_north_america_needs_no_package_and_other_countries_say_what_they_need() -> None:
    program = (
        "import sys; sys.modules['phonenumbers'] = None\n"
        "from asterconf.countries import number_plan, NumbersError\n"
        "print(number_plan('+12125550100', '212').emergency)\n"
        "try: number_plan('+493012345678', '')\n"
        "except NumbersError as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == [
        "('911',)",
        (
            "numbers like +493012345678 take the package phonenumbers: "
            "pip install 'asterconf[numbers]'"
        ),
    ]


def test_no_number_at_all_is_refused() -> None:
    with pytest.raises(NumbersError, match="belongs to no country"):
        number_plan("+9991234567", "")


def test_a_house_in_jamaica_calls_jamaica_and_nobody_else_abroad() -> None:
    abroad = [pattern for pattern, _ in number_plan("+18765550100", "876").abroad]
    assert "_+1876NXXXXXX" not in abroad
    assert "_+1658NXXXXXX" not in abroad
    assert "_+1809NXXXXXX" in abroad


def test_area_codes_that_are_abroad_are_all_known() -> None:
    foreign = set()
    for code in range(200, 1000):
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{code}2345678"))
        if region not in (None, "US", "CA", "PR", "VI", "GU", "AS", "MP"):
            foreign.add(f"_+1{code}NXXXXXX")
    assert {pattern for pattern, _ in number_plan("+12125550100", "").abroad} == foreign


def test_a_house_in_berlin_is_built_with_its_own_numbers() -> None:
    pbx = home(owner="Erika Mustermann <+493012345678>", area_code="30")
    found = lines("extensions.conf", "from-home", pbx)
    assert found[:2] == [
        "exten => 110,1,Goto(emergency,${EXTEN},1)",
        "exten => 112,1,Goto(emergency,${EXTEN},1)",
    ]
    assert "exten => _0ZX!,1,Goto(outgoing,+49${FILTER(0-9,${EXTEN:1})},1)" in found
    assert not any("_00Z" in line for line in found)
    outgoing = lines("extensions.conf", "outgoing", pbx)
    assert "exten => _+49900[135]X!,1,Hangup(21)" in outgoing
