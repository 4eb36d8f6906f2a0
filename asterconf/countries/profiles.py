"""What a PBX of a country is like: codecs, tones, language of the prompts, dates, short numbers.

Sources: G.711 for the codec of the telephone network, mu-law in North America and Japan, A-law
elsewhere. Tones are those of the file indications.conf that Asterisk comes with, or where it has
no row what ITU-T E.180 recommends. Each short number names its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs


@attrs.frozen
class Service:
    """A short number of which phonenumbers does not know the cost."""

    number: str
    """What is dialled; `X` is any digit."""
    is_open: bool
    """Whether it is dialled as it is: public services are, directories and the like are not."""
    what: str
    source: str
    """Where it is known from: a page, or the tables of phonenumbers."""


@attrs.frozen(kw_only=True)
class Tones:
    """Tones of a country as indications.conf writes them: Hz / milliseconds, `+` sounds both.

    What begins with `!` sounds once.
    """

    dial: str = "425"
    busy: str = "425/500,0/500"
    ring: str = "425/1000,0/4000"
    congestion: str = "425/250,0/250"
    callwaiting: str = "425/200,0/600,425/200,0/10000"
    ringcadence: str = "1000,4000"


@attrs.frozen(kw_only=True)
class Profile:
    """The usual settings of a country; each can be changed by a key of `[country]`."""

    region: str
    codecs: tuple[str, ...] = ("alaw", "ulaw")
    """Codecs of calls to the outside, best first."""
    language: str = "en"
    """Folder of the prompts, in `sounds/`."""
    locale: str = ""
    time_zone: str = ""
    """Empty: the one that phonenumbers knows for the owner's number."""
    tones: Tones = Tones()
    services: tuple[Service, ...] = ()


_KNOWN: Final = "phonenumbers 9.0"
"""The source of a short number that phonenumbers knows."""


def _open(source: str, *rows: str) -> tuple[Service, ...]:
    """Return public services from rows `number what`."""
    found = (row.partition(" ") for row in rows)
    return tuple(Service(number, True, what, source) for number, _, what in found)  # noqa: FBT003


def _closed(*rows: str, source: str = _KNOWN) -> tuple[Service, ...]:
    """Return numbers that stay closed, of directories and the like."""
    return tuple(attrs.evolve(service, is_open=False) for service in _open(source, *rows))


_N11: Final = (
    *_open(
        "https://en.wikipedia.org/wiki/N11_code", "211 community services",
        "311 local government", "511 traffic", "611 repair service", "711 relay for the deaf",
        "811 call before you dig",
    ),
    *_open(_KNOWN, "988 crisis line"), *_closed("411 directory"),
)  # fmt: skip
_AMERICAN: Final = Tones(
    dial="350+440", busy="480+620/500,0/500", ring="440+480/2000,0/4000",
    congestion="480+620/250,0/250", callwaiting="440/300,0/10000", ringcadence="2000,4000",
)  # fmt: skip
_BRITISH_RING: Final = "400+450/400,0/200,400+450/400,0/2000"

_ROWS: Final = (
    Profile(region="US", codecs=("ulaw",), locale="en_US.UTF-8", time_zone="America/New_York",
            tones=_AMERICAN, services=_N11),
    Profile(region="GB", locale="en_GB.UTF-8", time_zone="Europe/London",
            tones=Tones(dial="350+440", busy="400/375,0/375", ring=_BRITISH_RING,
                        congestion="400/400,0/350,400/225,0/525", callwaiting="400/100,0/4000",
                        ringcadence="400,200,400,2000"),
            services=(*_open("https://ofcom.org.uk/phones-and-broadband/phone-numbers/three_number_non_emergency",
                             "111 health advice"),
                      *_open("https://redbridgenhw.info/non-emergency-101-police-and-111-nhs",
                             "101 police, not urgent"),
                      *_closed("118XXX directory", "123 speaking clock"))),
    Profile(region="IE", locale="en_IE.UTF-8", time_zone="Europe/Dublin",
            services=_closed("118XX directory")),
    Profile(region="DE", language="de", locale="de_DE.UTF-8", time_zone="Europe/Berlin",
            tones=Tones(busy="425/480,0/480", congestion="425/240,0/240",
                        callwaiting="425/200,0/200,425/200,0/5000"),
            services=(*_open("https://www.bundesnetzagentur.de/DE/Fachthemen/Telekommunikation/Nummerierung/"
                             "115/115_node.html", "115 public administration"),
                      *_closed("118XX directory", "11800X directory"))),
    Profile(region="AT", language="de", locale="de_AT.UTF-8", time_zone="Europe/Vienna",
            tones=Tones(dial="420", busy="420/400,0/400", ring="420/1000,0/5000",
                        congestion="420/200,0/200", callwaiting="420/40,0/1960",
                        ringcadence="1000,5000"),
            services=_closed("118XXX directory", source="https://rtr.at/TKP/service/"
                             "rufnummernbeantragung/RN_Endnutzer/rn_endnutzer.de.html")),
    Profile(region="CH", language="de", locale="de_CH.UTF-8", time_zone="Europe/Zurich",
            tones=Tones(busy="425/500,0/500", congestion="425/200,0/200",
                        callwaiting="425/200,0/200,425/200,0/4000"),
            services=_closed("18XX directory")),
    Profile(region="FR", language="fr", locale="fr_FR.UTF-8", time_zone="Europe/Paris",
            tones=Tones(dial="440", busy="440/500,0/500", ring="440/1500,0/3500",
                        congestion="440/250,0/250", callwaiting="440/300,0/10000",
                        ringcadence="1500,3500"),
            services=_closed("118XXX directory", "10XX providers' own services")),
    Profile(region="BE", language="fr", locale="fr_BE.UTF-8", time_zone="Europe/Brussels",
            tones=Tones(ring="425/1000,0/3000", congestion="425/167,0/167",
                        callwaiting="1400/175,0/175,1400/175,0/3500", ringcadence="1000,3000"),
            services=(*_open("https://www.civilsecurity.be/en/node/13766",
                             "1722 fire brigade, not urgent"),
                      *_open("https://www.health.belgium.be/fr/news/"
                             "campagne-dinformation-sur-le-numero-de-garde-1733",
                             "1733 doctor on duty"),
                      *_closed("1307 directory", "1207 directory"))),
    Profile(region="NL", language="nl", locale="nl_NL.UTF-8", time_zone="Europe/Amsterdam",
            tones=Tones(callwaiting="425/500,0/9500"),
            services=(*_open("https://zoek.officielebekendmakingen.nl/stcrt-2006-77-p13-SC74709.html",
                             "1400 government"),
                      *_closed("18XX directory"))),
    Profile(region="LU", language="fr", locale="fr_LU.UTF-8", time_zone="Europe/Luxembourg",
            services=_closed("118XX directory")),
    Profile(region="IT", language="it", locale="it_IT.UTF-8", time_zone="Europe/Rome",
            tones=Tones(dial="425/200,0/200,425/600,0/1000", congestion="425/200,0/200",
                        callwaiting="425/400,0/100,425/250,0/100,425/150,0/14000"),
            services=(*_open("https://telefonino.net/notizie/numeri-emergenza-quali-sono-a-cosa-servono",
                             "114 children in danger", "117 customs police",
                             "1500 public health", "1515 forest fires", "1518 traffic",
                             "1522 violence", "1530 coast guard"),
                      *_closed("12XX directory"))),
    Profile(region="ES", language="es", locale="es_ES.UTF-8", time_zone="Europe/Madrid",
            tones=Tones(busy="425/200,0/200", ring="425/1500,0/3000",
                        congestion="425/200,0/200,425/200,0/200,425/200,0/600",
                        callwaiting="425/175,0/175,425/175,0/3500", ringcadence="1500,3000"),
            services=_closed("118XX directory")),
    Profile(region="PT", language="pt", locale="pt_PT.UTF-8", time_zone="Europe/Lisbon",
            tones=Tones(ring="425/1000,0/5000", congestion="425/200,0/200",
                        callwaiting="440/300,0/10000", ringcadence="1000,5000"),
            services=(*_open("https://abcjustica.pt/pt/06_apoio/ps/06_03.html",
                             "144 social emergency"),
                      *_closed("118 directory"))),
    Profile(region="DK", language="da", locale="da_DK.UTF-8", time_zone="Europe/Copenhagen",
            tones=Tones(congestion="425/200,0/200",
                        callwaiting="!425/200,!0/600,!425/200,!0/3000,!425/200,!0/200,!425/200,0"),
            services=(*_open("https://www.regionh.dk/presse-og-nyt/pressemeddelelser-og-nyheder/Sider/"
                             "Fakta-om-1813.aspx", "1813 doctor on duty"),
                      *_closed("118 directory", "1818 directory"))),
    Profile(region="SE", language="sv", locale="sv_SE.UTF-8", time_zone="Europe/Stockholm",
            tones=Tones(busy="425/250,0/250", ring="425/1000,0/5000", congestion="425/250,0/750",
                        callwaiting="425/200,0/500,425/200,0/9100", ringcadence="1000,5000"),
            services=_closed("118XXX directory")),
    Profile(region="NO", language="no", locale="nb_NO.UTF-8", time_zone="Europe/Oslo",
            tones=Tones(congestion="425/200,0/200"),
            services=_closed("18XX directory")),
    Profile(region="FI", language="fi", locale="fi_FI.UTF-8", time_zone="Europe/Helsinki",
            tones=Tones(busy="425/300,0/300", congestion="425/200,0/200",
                        callwaiting="425/150,0/150,425/150,0/8000")),
    Profile(region="PL", language="pl", locale="pl_PL.UTF-8", time_zone="Europe/Warsaw",
            tones=Tones(congestion="425/500,0/500", callwaiting="425/150,0/150,425/150,0/4000"),
            services=(*_open("https://bip.uke.gov.pl/numeracja/"
                             "tablice-numerow-kierowania-alarmowego-nka,4,148.html",
                             "984 water rescue", "985 mountain rescue", "986 municipal guard",
                             "987 crisis management", "991 power", "992 gas", "993 heating",
                             "994 water"),
                      *_closed("118XXX directory"))),
    Profile(region="CZ", language="cs", locale="cs_CZ.UTF-8", time_zone="Europe/Prague",
            tones=Tones(dial="425/330,0/330,425/660,0/660", busy="425/330,0/330",
                        congestion="425/165,0/165", callwaiting="425/330,0/9000"),
            services=_closed("118X directory")),
    Profile(region="GR", language="el", locale="el_GR.UTF-8", time_zone="Europe/Athens",
            tones=Tones(dial="425/200,0/300,425/700,0/800", busy="425/300,0/300",
                        congestion="425/200,0/200", callwaiting="425/150,0/150,425/150,0/8000")),
    Profile(region="HU", language="hu", locale="hu_HU.UTF-8", time_zone="Europe/Budapest",
            tones=Tones(busy="425/300,0/300", ring="425/1250,0/3750", congestion="425/300,0/300",
                        callwaiting="425/40,0/1960", ringcadence="1250,3750"),
            services=(*_open("https://nmhh.hu/cikk/159/A_18_kezdoszamu_kozerdeku_tajekoztato_es_tamogato_"
                             "szolgaltatasszamok_es_hasznalatuk_feltetelei",
                             "1818 public administration"),
                      *_closed("11800 directory"))),
    Profile(region="AU", locale="en_AU.UTF-8", time_zone="Australia/Sydney",
            tones=Tones(dial="413+438", busy="425/375,0/375",
                        ring="413+438/400,0/200,413+438/400,0/2000",
                        congestion="425/375,0/375,420/375,0/375",
                        callwaiting="425/200,0/200,425/200,0/4400",
                        ringcadence="400,200,400,2000"),
            services=_closed("1223 directory", "1234 directory")),
    Profile(region="NZ", locale="en_NZ.UTF-8", time_zone="Pacific/Auckland",
            tones=Tones(dial="400", busy="400/500,0/500", ring=_BRITISH_RING,
                        congestion="400/250,0/250", callwaiting="400/200,0/3000",
                        ringcadence="400,200,400,2000"),
            services=(*_open("https://www.vectorgroup.org.nz/vector-group-latest-news/"
                             "police-announce-non-emergency-number-its-105/",
                             "105 police, not urgent"),
                      *_closed("018 directory"))),
    Profile(region="JP", codecs=("ulaw", "alaw"), language="ja", locale="ja_JP.UTF-8",
            time_zone="Asia/Tokyo",
            tones=Tones(dial="400", busy="400/500,0/500", ring="400+15/1000,0/2000",
                        congestion="400/500,0/500", callwaiting="400+16/500,0/8000",
                        ringcadence="1000,2000"),
            services=(*_open("http://www.soumu.go.jp/johotsusintokei/whitepaper/ja/h27/html/nc382130.html",
                             "188 consumers", "189 children"),
                      *_open("http://reposu.net/information/124", "171 messages after a disaster"),
                      *_closed("104 directory"))),
)  # fmt: skip
PROFILES: Final[Mapping[str, Profile]] = {row.region: row for row in _ROWS}
"""The profiles by region (ISO 3166)."""


def profile(number: str) -> Profile:
    """Return the profile of the country of a number with `+` and country code.

    North America needs no package. A country without a row gets A-law, the tones that E.180
    recommends and English prompts; its time zone is the one that phonenumbers knows, or UTC
    where it knows several.
    """
    if number.startswith("+1"):
        return PROFILES["US"]
    region, zone = _looked_up(number)
    found = PROFILES.get(region) or Profile(region=region)
    return found if found.time_zone else attrs.evolve(found, time_zone=zone)


def _looked_up(number: str) -> tuple[str, str]:
    """Return region and time zone of a number; empty and UTC where they are not known."""
    try:
        import phonenumbers
        from phonenumbers import timezone
    except ImportError:
        return "", "UTC"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", "UTC"
    zones = timezone.time_zones_for_number(parsed)
    known = zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else "UTC"
    return phonenumbers.region_code_for_number(parsed) or "", known
