"""The published values: RFC 4493, NXP's AN10922 and AN12196, as public test suites print them. Reader and card each."""

from collections.abc import Callable

import pytest

from kiosk.cards import aes, sun
from kiosk.cards.ev2 import Keys, Mode, Session, framed, opened, reply_to_challenge
from kiosk.cards.keys import diversified
from kiosk.cards.ntag424 import key_check
from tests.support.virtual_card import ntag424 as virtual

ZERO_KEY = bytes(16)


def of(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("cmac", [aes.cmac, virtual.mac])
def test_cmac_of_nothing_is_that_of_the_standard(cmac: Callable[[bytes, bytes], bytes]) -> None:
    assert cmac(of("2B7E151628AED2A6ABF7158809CF4F3C"), b"") == of("BB1D6929E95937287FA37D129B756746")


def test_a_cards_key_is_that_of_the_application_note() -> None:
    data = of("04782E21801D80") + of("3042F5") + b"NXP Abu"
    assert diversified(of("00112233445566778899AABBCCDDEEFF"), data) == of("A8DD63A3B89D54B37CA802473FDA9175")


@pytest.mark.parametrize("length", [0, 15, 32])
def test_a_key_of_too_little_or_too_much_is_not_made(length: int) -> None:
    with pytest.raises(ValueError, match="16 to 31 bytes"):
        diversified(ZERO_KEY, bytes(length))


def test_the_first_message_is_that_of_the_application_note() -> None:
    secret, mac = of("EF963FF7828658A599F3041510671E88"), of("94EED9EE65337086")
    said = sun.picc_data(ZERO_KEY, secret)
    assert said == sun.Sun(of("04DE5F1EACC040"), 61)
    assert aes.cmac(ZERO_KEY, of("3CC30001008004DE5F1EACC0403D0000")) == of("3FB5F6E3A807A03D5E3570ACE393776F")
    assert aes.cmac(of("3FB5F6E3A807A03D5E3570ACE393776F"), b"") == of("E194C7EE12D9F7EE8A65C8331B704386")
    assert sun.verified(secret, mac, ZERO_KEY, lambda _uid: ZERO_KEY) == said


ENC = "CEE9A53E3E463EF1F459635736738962"


def test_the_message_with_an_encrypted_file_is_that_of_the_application_note() -> None:
    secret, message = of("FD91EC264309878BE6345CBE53BADF40"), f"{ENC}&cmac=".encode()
    said = sun.verified(secret, of("ECC1E7F6C6C73BF6"), ZERO_KEY, lambda _uid: ZERO_KEY, message)
    assert said == sun.Sun(of("04958CAA5C5E80"), 8)
    assert aes.cmac(of("3ED0920E5E6A0320D823D5987FEAFBB1"), message) == of("81EC45C175E72FF6FAC61BC7AB3BAEF6")
    assert sun.file_data(ZERO_KEY, said, of(ENC)) == b"x" * 16
    assert aes.encrypt(of("42132D669442AD43E072C8C0C9828A72"), of("080000") + bytes(13)) == of(
        "0AD3EB2717A58332CBC8899BBECBD411"
    )


def test_the_message_with_another_mac_is_refused() -> None:
    secret, message = of("FD91EC264309878BE6345CBE53BADF40"), f"{ENC}&cmac=".encode()
    assert sun.verified(secret, of("3CC1E7F6C6C33B33"), ZERO_KEY, lambda _uid: ZERO_KEY, message) is None


def test_the_message_in_clear_is_that_of_the_public_suite() -> None:
    uid, mac = of("041E3C8A2D6B80"), of("4B00064004B0B3D3")
    assert aes.cmac(ZERO_KEY, of("3CC300010080041E3C8A2D6B80060000")) == of("C16F8EAA1A08E2736E718F1F1FDEF0A2")
    assert sun.verified_plain(uid, "000006", mac, ZERO_KEY) == sun.Sun(uid, 6)
    assert sun.verified_plain(uid, "000006", of("AB00064004B0B3AB"), ZERO_KEY) is None


AUTHENTICATIONS = [
    {
        "random_a": "13C5DB8A5930439FC3DEF9A4C675360F",
        "challenge": "A04C124213C186F22399D33AC2A30215",
        "random_b": "B9E2FC789B64BF237CCCAA20EC7E6E48",
        "reply": "35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D",
        "answer": "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663",
        "ti": "9D00C4DF",
        "enc": "1309C877509E5A215007FF0ED19CA564",
        "mac": "4C6626F5E72EA694202139295C7A7FC7",
    },
    {
        "random_a": "B98F4C50CF1C2E084FD150E33992B048",
        "challenge": "B875CEB0E66A6C5CD00898DC371F92D1",
        "random_b": "91517975190DCEA6104948EFA3085C1B",
        "reply": "FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1",
        "answer": "0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A",
        "ti": "7614281A",
        "enc": "7A93D6571E4B180FCA6AC90C9A7488D4",
        "mac": "FC4AF159B62E549B5812394CAB1918CC",
    },
]
"""AN12196, sections 6.6 and 6.10: the key is sixteen zeros."""


@pytest.mark.parametrize("said", AUTHENTICATIONS)
def test_the_reader_authenticates_as_in_the_application_note(said: dict[str, str]) -> None:
    random_a = of(said["random_a"])
    random_b, reply = reply_to_challenge(ZERO_KEY, of(said["challenge"]), random_a)
    assert (random_b, reply) == (of(said["random_b"]), of(said["reply"]))
    keys = opened(ZERO_KEY, random_a, random_b, of(said["answer"]))
    assert keys == Keys(of(said["enc"]), of(said["mac"]), of(said["ti"]))


@pytest.mark.parametrize("said", AUTHENTICATIONS)
def test_the_virtual_card_authenticates_as_in_the_application_note(said: dict[str, str]) -> None:
    given = iter([of(said["random_b"]), of(said["ti"])])
    card = virtual.Ntag424(of("04DE5F1EACC040"), lambda _length: next(given))
    card(of("00A4040C07D276000085010100"))
    assert card(of("9071000002000000")) == of(said["challenge"]) + b"\x91\xaf"
    assert card(framed(0xAF, of(said["reply"]))) == of(said["answer"]) + b"\x91\x00"


def test_the_frames_are_those_of_the_application_note() -> None:
    assert framed(0x71, bytes([0, 0])) == of("9071000002000000")
    assert framed(0xAF, of(AUTHENTICATIONS[0]["reply"]))[:5] == of("90AF000020")


def test_a_command_with_a_mac_is_that_of_the_application_note() -> None:
    session = Session(Keys(b"", of("8248134A386E86EB7FAF54A52E536CB6"), of("7A21085E")))
    assert session.command(0xF5, b"\x02", mode=Mode.MAC) == of("90F5000009026597A457C8CD442C00")
    settings = "0040EEEE000100D1FE001F00004400004400002000006A0000"
    assert session.answer(of(settings + "2A474282E7A47986" + "9100"), Mode.MAC) == of(settings)


def test_an_encrypted_command_is_that_of_the_application_note() -> None:
    keys = Keys(of(AUTHENTICATIONS[1]["enc"]), of(AUTHENTICATIONS[1]["mac"]), of("7614281A"))
    session = Session(keys)
    sent = session.command(0x8D, of("030000000A0000"), of("0102030405060708090A"))
    assert sent == of("908D00001F030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA00")
    assert session.answer(of("C26D236E4A7C046D9100")) == b""


def test_a_long_encrypted_command_is_that_of_the_application_note() -> None:
    keys = Keys(of(AUTHENTICATIONS[0]["enc"]), of(AUTHENTICATIONS[0]["mac"]), of("9D00C4DF"))
    text = b"choose.url.com/ntag424?e=" + b"0" * 32 + b"&c=" + b"0" * 16
    session = Session(keys)
    data = of("0051D1014D5504") + text
    sent = session.command(0x8D, of("02000000800000"), data + bytes(128 - len(data)))
    assert sent[:12] == of("908D00009F02000000800000")
    assert sent[12:28] == of("421C73A27D827658AF481FDFF20A5025")
    assert sent[-9:-1] == of("D1D9A8499661EBF3")
    assert session.answer(of("FC222E5F7A5424529100")) == b""


def test_the_real_uid_is_told_as_in_the_application_note() -> None:
    keys = Keys(of("2B4D963C014DC36F24F69A50A394F875"), of("379D32130CE61705DD5FD8C36B95D764"), of("DF055522"))
    session = Session(keys)
    assert session.command(0x51) == of("90510000088E2C155ADDA99BE300")
    assert session.answer(of("70756055688505B52A5E26E59E329CD6595F672298EA41B79100")) == of("04958CAA5C5E80")


def test_a_new_key_is_checked_as_in_the_application_note() -> None:
    assert key_check(of("F3847D627727ED3BC9C4CC050489B966")) == of("789DFADC")
