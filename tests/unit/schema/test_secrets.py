"""What is masked where a person looks: by name, by place, by shape."""

import pytest

import asterconf
from asterconf.secrets import shown_text, shown_value
from asterconf.syntax.diffs import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bob:pw@host/ext", "bob:********@host/ext"),
        ("bob:pw:authuser@host", "bob:********@host"),
        ("auth=u#0123456789abcdef0123456789abcdef@r", "auth=u#********@r"),
        ("Dial(IAX2/bob:pw@host/555,30)", "Dial(IAX2/bob:********@host/555,30)"),
        ("sip:bob:pw@host", "sip:bob:********@host"),
        ("https://bob:p%20w@host/x", "https://bob:********@host/x"),
        ("bob:p@ss/w@host", "bob:********@host"),
        ("Set(VMPASSWORD=abc,x)", "Set(VMPASSWORD=********)"),
        ("attach=no|imappassword=abc", "attach=no|imappassword=********"),
        ("AMPDBPASS=abc", "AMPDBPASS=********"),
        ("DoorCode=4711", "DoorCode=********"),
        ("ACCESS_CODE=4711", "ACCESS_CODE=********"),
        ("AREA_CODE=555", "AREA_CODE=555"),
        ("accountcode=555", "accountcode=555"),
        ("pin = 12", "pin = ********"),
        ("exten => 1,1,Authenticate(1234,a)", "exten => 1,1,Authenticate(********,a)"),
        ("DISA(1234,home)", "DISA(********,home)"),
        ("DISA(no-password,home)", "DISA(no-password,home)"),
        ("a line is skipped: 'secret abc'", "a line is skipped: 'secret ********'"),
        ('"${PIN}"="${MD5(abc)}"', '"${PIN}"="${MD5(********)}"'),
        ('"${SHA1(abc)}" = "${DB(x/password)}"', '"${SHA1(********)}" = "${DB(x/password)}"'),
        ('"x${PIN}x" = "xabcx"', '"x${PIN}x" = "********"'),
        ('$["x12" != "x${PIN}"]', '$["********" != "x${PIN}"]'),
        ("$[${PIN}0 = 120]", "$[${PIN}0 = ********]"),
        ('"${TOLOWER(${PASSWORD})}"="abc"', '"${TOLOWER(${PASSWORD})}"="********"'),
        ('"${PIN}" =~ "^12$"', '"${PIN}" =~ "********"'),
        ('${REGEX("^12$" ${PIN})}', '${REGEX("********" ${PIN})}'),
        ('"${A}"="1"&"${PIN}"="12"', '"${A}"="1"&"${PIN}"="********"'),
        ("Set(userPin=12)", "Set(userPin=********)"),
        ("Set(PIN_CODE=12)", "Set(PIN_CODE=********)"),
        ("Set(DB(pin/100)=12)", "Set(DB(pin/100)=********)"),
        ("System(curl -u ann:abc https://h)", "System(curl -u ann:******** https://h)"),
        ("System(sshpass -p abc ssh h)", "System(sshpass -p ******** ssh h)"),
        ("System(mysql -u x -pabc db)", "System(mysql -u x -p******** db)"),
        ("AGI(x,--password,abc)", "AGI(x,--password,********)"),
        (
            "Set(PJSIP_HEADER(add,Authorization)=Bearer abc)",
            "Set(PJSIP_HEADER(add,Authorization)=Bearer ********)",
        ),
        ("System(x --token abc -v)", "System(x --token ******** -v)"),
        ('curl -H "Authorization: Bearer abc"', 'curl -H "Authorization: Bearer ********"'),
        ("Set(CURLOPT(httpheader)=X-Api-Key: a1)", "Set(CURLOPT(httpheader)=X-Api-Key: ********)"),
        ('{"password":"abc"}', '{"password":"********"}'),
        ("; PIN: 1234 for the door", "; PIN: ******** for the door"),
    ],
)  # fmt: skip
def test_what_has_the_shape_of_a_secret_is_masked(text: str, shown: str) -> None:
    assert shown_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "sip:6001@10.0.0.1:5060",
        "mailto:bob@example.com",
        "Dial(PJSIP/${EXTEN:1}@voipms,30)",
        "Dial(PJSIP/${EXTEN}@voipms,30,U(sub^a:b))",
        "Set(PASSWORD=${DB(a/b)})",
        "bypass=yes",
        "spin=12",
        "Authenticate(${PIN})",
        "Authenticate(/pins)",
        "9:00-17:00,mon-fri",
        "hint:100@default",
        "MWI:100@default&park:701@parkedcalls",
        "nothing is called 'exten:100@home'",
        "Set(X=${PIN})",
        "Dial(SIP/u:${PASSWORD}@h)",
        'GotoIf($["${PIN}"!="${GOOD}"]?bad:good)',
        'GotoIf($["${PIN}" =~ "${GOOD}"]?bad:good)',
        'GotoIf($["x${PIN}"="x"]?none)',
        "GotoIf($[${LEN(${PIN})} < 4]?short)",
        '"${MD5(${GIVEN})}"="${PIN}"',
        "Set(SPIN=12)",
        "Set(COMPASS=north)",
        "Set(PIN_TRIES=3)",
        "; the password: see the safe",
        "GotoIf($[${A}]?pin:12)",
        "System(mysql -p base)",
        "System(mysql -p${PASS} base)",
        '"${DB_EXISTS(user/${A}/password)}" = "0"',
        "Dial(Local/*21#5551@home)",
    ],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert shown_text(text) == text


@pytest.mark.parametrize(
    ("file", "section", "option", "value", "shown"),
    [
        ("pjsip.conf", "6001", "password", "abc", "********"),
        ("pjsip.conf", "6001", "password", "", ""),
        ("voicemail.conf", "general", "vm-password", "my-password", "my-password"),
        ("voicemail.conf", "general", "externpass", "/bin/x", "/bin/x"),
        ("confbridge.conf", "b", "sound_get_pin", "my-pin", "my-pin"),
        ("sip.conf", "6001", "auth", "u#abc@r", "u#********@r"),
        ("voicemail.conf", "default", "6000", "1234,John,a@b", "********,John,a@b"),
        ("voicemail.conf.sample", "default", "6000", "1234", "********"),
        ("voicemail.conf", "general", "maxmsg", "100", "100"),
        ("voicemail.conf", "zonemessages", "us", "America/Detroit|Q", "America/Detroit|Q"),
        ("boxes.inc", "default", "6000", "-1234,John", "********,John"),
        ("more.inc", "numbers", "6000", "PJSIP/6000", "PJSIP/6000"),
        ("meetme.conf", "rooms", "conf", "800,12,34", "800,********,********"),
        ("pjsip.conf", "6001", "set_var", "doorcode=4499", "doorcode=********"),
        ("extensions.conf", "globals", "AESKEY", "abc", "********"),
        ("any.conf", "a", "private_key", "/etc/k.pem", "/etc/k.pem"),
        ("any.conf", "a", "signing_key", "/k", "/k"),
        ("any.conf", "a", "signing_key", "/9j4AAQSkZJRgABAQ", "********"),
        ("any.conf", "a", "password", "/etc/k.pem", "********"),
    ],
)
def test_an_option_is_masked_by_its_name_or_its_place(
    file: str, section: str, option: str, value: str, shown: str
) -> None:
    assert shown_value(file, section, option, value) == shown


def test_a_file_is_masked_in_live_and_in_commented_lines() -> None:
    text = (
        "[6001]\n"
        "password = s3cret ; was password=old\n"
        ";password = s3cret ; and more\n"
        "; the password = s3cret\n"
        "; ring = twice, then stop\n"
        "secret s3cret\n"
        "username = 6001\n"
    )
    assert mask(asterconf.parse(text, name="pjsip.conf")) == (
        "[6001]\n"
        "password = ******** ; was password=********\n"
        ";password = ******** ; and more\n"
        "; the password = ********\n"
        "; ring = twice, then stop\n"
        "secret ********\n"
        "username = 6001\n"
    )


def test_commented_boxes_are_masked_and_prose_stays() -> None:
    text = "[default]\n;6000 => 1234,John\n; a note = one, two\n6001 => 4321,Jane\n"
    assert mask(asterconf.parse(text, name="voicemail.conf")) == (
        "[default]\n;6000 => ********,John\n; a note = one, two\n6001 => ********,Jane\n"
    )


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("; the PIN is 4711", "; the PIN is ********"),
        ("; Password for the door is 'rt7x'", "; Password for the door is '********'"),
        ("; my Passwort ist rt7x, not rt8x", "; my Passwort ist ********, not rt8x"),
        ("; user bob password bob123", "; user bob password ********"),
        ("; the password for extension 6001", "; the password for extension 6001"),
        ("; the PIN is the number of the box", "; the PIN is the number of the box"),
        ("; pin 4 of the relay", "; pin 4 of the relay"),
        ("; privateKey = abc", "; privateKey = ********"),
        ("; dtls_private_key = /etc/key.pem", "; dtls_private_key = /etc/key.pem"),
        ("; PIN:4711", "; PIN:********"),
        ("; Password:hunter2", "; Password:********"),
        ("; PIN is: 4711", "; PIN is: ********"),
        ("; password - hunter2", "; password - ********"),
        ("; voicemail PIN for 201 is *4711#", "; voicemail PIN for 201 is ********"),
        ("; PIN for 201: 4711/4712", "; PIN for 201: ********"),
        ("; set the password to hunter2", "; set the password to ********"),
        (";allow=all ; the password is hunter2", ";allow=all ; the password is ********"),
        ("; x=1, the password is hunter2", "; x=1, the password is ********"),
        ("; wire pin GPIO17 to ground", "; wire pin GPIO17 to ground"),
        ("; pin 1234-5678 connector", "; pin 1234-5678 connector"),
        ("; see RFC3261 password RFC2617", "; see RFC3261 password RFC2617"),
        ("; password is sha256.", "; password is sha256."),
        ("; password is sha256:4f3a", "; password is ********"),
        ("; password is base64", "; password is base64"),
        ("; secret is 2048-bit", "; secret is 2048-bit"),
        ("; password is ${PW1}", "; password is ${PW1}"),
        ("; password is ${PW1}x2", "; password is ********"),
        ("; password see: https://a.example/b1", "; password see: https://a.example/b1"),
        (";exten => 1,n,Goto(${X}?pin:1234)", ";exten => 1,n,Goto(${X}?pin:1234)"),
        ("password=x ; old password hunter2", "password=******** ; old password ********"),
        ('callerid="x" <1> ; PIN 5566', 'callerid="x" <1> ; PIN ********'),
        ("[bar] ; password bar99secret", "[bar] ; password ********"),
        ('#include "x.conf" ; PIN 5566', '#include "x.conf" ; PIN ********'),
        ("no option ; password hunter2", "no option ; password ********"),
    ],
)
def test_a_password_in_prose_is_masked_where_it_has_a_digit(comment: str, shown: str) -> None:
    assert mask(asterconf.parse(f"[6001]\n{comment}\n", name="pjsip.conf")) == f"[6001]\n{shown}\n"


def test_the_repr_of_a_header_masks_its_comment() -> None:
    line = asterconf.parse("[bar] ; password bar99secret\n").sections[0].header
    assert repr(line) == "Header('[bar] ; password ********\\n', line=1, column=1)"


def test_the_repr_of_a_line_and_of_an_effective_value_shows_no_secret() -> None:
    conf = asterconf.Config.from_texts(
        {"pjsip.conf": "[t](!)\npassword = s3cret\n[a](t)\ntype = auth\npassword = s3cret\n"}
    )
    option = conf.effective("pjsip.conf")["a"].option("password")
    assert repr(option) == "<EffectiveOption password = '********' from pjsip.conf:5:12>"
    assert repr(option.items[0]) == (
        "<EffectiveItem password = '********' from pjsip.conf:2:12 through t>"
    )
    assert repr(conf["pjsip.conf"]["a"].options[1]) == (
        "Option('password', '********', line=5, column=1)"
    )
    assert repr(conf["pjsip.conf"]["a"].options[0]) == "Option('type', 'auth', line=4, column=1)"
