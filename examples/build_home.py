"""Build a home PBX from Python: three phones, one provider, and a speaking clock of our own.

    python examples/build_home.py out/asterisk

writes every file that Asterisk needs for it. Names, numbers and passwords here are made up.
"""

import sys

import attrs

from asterconf import Extension, HomePBX, Mailbox, Network, phones, providers
from asterconf.features import Plan, usual_features

SECRETS = {
    "voipms": "s3cret",
    "6001": "maple-Ferry-2093",
    "6002": "cedar-Lamp-7714",
    "6003": "olive-Tide-5568",
}


@attrs.frozen
class SpeakingClock:
    """A number that says the time."""

    number: str = "*60"

    def contribute(self, plan: Plan) -> None:
        """Add the number to the context of the phones."""
        plan.needs("app_sayunixtime")
        plan.context("from-home").extension(
            self.number,
            "Answer(500)",
            "SayUnixTime()",
            "Hangup()",
            comment="What time is it?",
            what="the speaking clock",
        )


def home() -> HomePBX:
    """Return the home PBX."""
    return HomePBX(
        owner="John Doe <+15555555555>",
        area_code="555",
        network=Network(external_address="203.0.113.8", rtp_ports=(20000, 20999)),
        trunks=[providers.voipms("atlanta2.voip.ms", username="555555", secret=SECRETS["voipms"])],
        extensions=[
            Extension(
                "6001",
                callerid="Living Room <6001>",
                secret=SECRETS["6001"],
                phone=phones.Yealink("T54W"),
            ),
            Extension(
                "6002",
                callerid="Kitchen <6002>",
                secret=SECRETS["6002"],
                phone=phones.Yealink("W73P"),
            ),
            Extension(
                "6003",
                callerid="Smartphone <6003>",
                secret=SECRETS["6003"],
                phone=phones.Linphone(),
            ),
        ],
        mailboxes=[
            Mailbox("6000", initial_pin="2846", name="John Doe", email="johndoe@example.com")
        ],
        features=[*usual_features(), SpeakingClock()],
    )


def main() -> None:
    """Write the files into the folder given, or say what they would be."""
    pbx = home()
    if len(sys.argv) > 1:
        for path in pbx.write(sys.argv[1]):
            print(path)
    else:
        for file in pbx.files():
            print(f"{file.name}: {file.text.count(chr(10))} lines")


if __name__ == "__main__":
    main()
