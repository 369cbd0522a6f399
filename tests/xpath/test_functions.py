"""What each function yields, told as a table."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable

import pytest

from conversations.xpath import Node

Answer = float | str | bool | list[str]
"""A value with its nodes told by their texts."""

Ask = Callable[..., Answer]

NORTH_POLE_TRIANGLE = "0 0;0 1;1 1;1 0;0 0"

TABLE: list[tuple[str, Answer]] = [
    # Texts.
    ("concat('a', 1, true(), /data/child/name)", "a1trueAminaBaraka"),
    ("concat()", ""),
    ("join('-', /data/child/name)", "Amina-Baraka"),
    ("join(', ', 'a', 'b')", "a, b"),
    ("substr('hello', 1, 3)", "el"),
    ("substr('hello', -3)", "llo"),
    ("substr('hello', 3, 1)", ""),
    ("substring('12345', 1.5, 2.6)", "234"),
    ("substring-before('1999/04', '/')", "1999"),
    ("substring-after('1999/04', '/')", "04"),
    ("translate('bar', 'abc', 'AB')", "BAr"),
    ("string-length('éa')", 2.0),
    ("normalize-space('  a \n b ')", "a b"),
    ("contains('river', 'ive') and starts-with('river', 'ri') and ends-with('river', 'er')", True),
    ("regex('abc1', '[a-z]+')", False),
    ("regex('Жук', '\\p{L}+')", True),
    ("jr:itext('hello')", "<hello>"),
    ("jr:choice-name('a', ' /data/region ')", "/data/region:a"),
    ("version()", "7"),
    # Conditions.
    ("if(1 = 1, 'a', 'b')", "a"),
    ("coalesce('', 'b')", "b"),
    ("coalesce(number('x'), 5)", 5.0),
    ("boolean(coalesce('', false()))", False),
    ("boolean-from-string('true') and boolean-from-string('1')", True),
    ("boolean-from-string('TRUE') or boolean-from-string('yes')", False),
    ("checklist(1, 2, true(), false(), true())", True),
    ("checklist(-1, 1, true(), true())", False),
    ("weighted-checklist(3, 4, true(), 3, false(), 9)", True),
    ("weighted-checklist(13, 13, /data/child/name, /data/child/age)", True),
    ("weighted-checklist(4, 4, /data/child/toy, 4)", True),
    # Numbers.
    ("7 mod -3", 1.0),
    ("-7 mod 3", -1.0),
    ("1 div 0", math.inf),
    ("round(2.5) + round(-2.5)", 1.0),
    ("round(1.005, 2)", 1.01),
    ("round(-156, -1)", -160.0),
    ("round(1.2345, 31)", 1.2345),
    ("round(1.2345, 1 div 0)", 1.2345),
    ("round(1234, -31)", 0.0),
    ("int(-2.7)", -2.0),
    ("pow(2, 10) + abs(-1) + floor(1.7) + ceiling(1.2)", 1028.0),
    ("exp10(2) + log10(100) + sqrt(16)", 106.0),
    ("0.1 + 0.2 = 0.3", True),
    ("number('1e3')", 1000.0),
    ("number(' -.5 ')", -0.5),
    ("true() = 'x'", True),
    ("'1.0' = 1", True),
    ("'1.0' = '1'", False),
    ("'a' < 1 or 'a' >= 1", False),
    ("string(1000000000000)", "1000000000000"),
    # Node-sets.
    ("sum(/data/child/age)", 13.0),
    ("sum(/data/blank)", 0.0),
    ("sum(/data/nowhere)", 0.0),
    ("string(sum(/data/region | /data/child/age))", "NaN"),
    ("sum(/data/blank | /data/child/age)", 13.0),
    ("max(/data/child/age) + min(3, 1, 2)", 10.0),
    ("max(/data/blank, -7, '')", -7.0),
    ("string(max(/data/region, 3)) = 'NaN' and string(min(3, 'x')) = 'NaN'", True),
    ("string(max()) = 'NaN'", True),
    ("count-non-empty(/data/*)", 6.0),
    ("count-non-empty(/data/blank | /data/region)", 1.0),
    ("pulldata('towns', 'label', 'name', 'b')", "Beta"),
    ("pulldata('towns', 'label', 'name', 'z')", ""),
    # Answers to selects.
    ("selected(/data/sources, 'river')", True),
    ("selected(/data/sources, 'riv')", False),
    ("selected-at(/data/sources, 1)", "river"),
    ("selected-at(/data/sources, 2)", ""),
    ("count-selected(/data/sources)", 2.0),
    # Dates, in Nairobi.
    ("today()", "2026-11-22"),
    ("now()", "2026-11-22T16:30:15.250+03:00"),
    ("today() > '2026-11-21'", True),
    ("today() - date('2026-11-15')", 7.0),
    ("date(today() + 1)", "2026-11-23"),
    ("date(0)", "1970-01-01"),
    ("date('2026-11-22T23:30:00.000+00:00')", "2026-11-23"),
    ("date('soon')", ""),
    ("date('2026-11-22T10:00:00')", "2026-11-22"),
    ("string(date(true()))", ""),
    ("date('2026-11-22') = '2026-11-22'", True),
    ("'2026-11-22T00:00:00.000+03:00' = '2026-11-22'", False),
    ("'2026-11-22T10:00:00' > '2026-11-22'", True),
    ("string(decimal-date-time('soon'))", "NaN"),
    ("format-date(now(), '%H')", "16"),
    ("date('2026-3-1')", "2026-03-01"),
    ("decimal-date-time('1970-01-02T00:00:00Z')", 1.0),
    ("decimal-time('12:00:00.000+03:00')", 0.5),
    ("decimal-time('12:00')", 0.5),
    ("string(decimal-time('23:59:00.000-07:60'))", "NaN"),
    ("format-date('2026-03-01', '%Y %y %m %n %b %d %e %a %% %q')", "2026 26 03 3 m3 01 1 d6 % %q"),
    ("format-date-time(now(), '%H:%h:%M:%S.%3')", "16:16:30:15.250"),
    ("format-date('', '%Y')", ""),
    ("date-time(0)", "1970-01-01T03:00:00.000+03:00"),
    # Bytes.
    ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
    ("digest('abc', 'SHA-1')", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
    ("base64-decode('w6nDqMOx')", "éèñ"),
    ("digest('', 'MD5', 'hex')", "d41d8cd98f00b204e9800998ecf8427e"),
    (
        "digest('abc', 'SHA-256', 'hex')",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    ("digest('abc', 'md5', 'BASE64')", "kAFQmDzST7DWlj99KOF/cg=="),
    ("string-length(digest('abc', 'SHA-384', 'hex'))", 96.0),
    ("string-length(digest('abc', 'SHA-512'))", 88.0),
    ("base64-decode('SGVsbG8=')", "Hello"),
    ("base64-decode('SGVsbG8')", "Hello"),
    ("base64-decode(' SGVs bG8= ')", "Hello"),
    ("base64-decode('8J+lsA==')", "🥰"),
    ("base64-decode('a')", ""),
    ("base64-decode('%')", ""),
    ("base64-decode('')", ""),
    # Places.
    ("distance('0 0;0 1')", 111318.85),
    ("distance('0 0', '0 1')", 111318.85),
    ("distance('')", 0.0),
    ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", True),
    ("geofence('1.5 0.5', '0 0;0 1;1 1;1 0;0 0')", False),
    ("geofence('0.5 0.5 0 0', '0 0 0 0;0 1 0 0;1 1 0 0;1 0 0 0;0 0 0 0')", True),
    ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0')", False),
    ("geofence('0.5 0.5', '')", False),
    ("geofence('', '0 0;0 1;1 1;1 0;0 0')", False),
    ("geofence('2 0.5', '0 0;0 1;1 1;1 0.5;2 0')", False),
    ("area('38.2531 21.7564;38.2502 21.7564;38.2502 21.7639;38.2531 21.7564')", 105828.28),
    ("area('0 0;0 1')", 0.0),
    ("area('somewhere')", 0.0),
    ("distance('0 0;91 0')", 0.0),
    ("distance('90 0;-90 0')", 20037392.1),
    ("intersects('0 0;1 1;0 1;1 0')", True),
    ("intersects('0 0;0 1;1 1;1 0;0 0')", False),
    ("intersects('0 0;1 1')", False),
    ("intersects('0 0')", False),
    (f"intersects('{NORTH_POLE_TRIANGLE}')", False),
    ("intersects('0 0;0 2;0 1')", True),
    ("intersects('')", False),
]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_function(ask: Ask, text: str, expected: Answer) -> None:
    """A function yields what the XForms specification and JavaRosa say."""
    assert ask(text) == expected


def test_what_is_no_number_is_nan(ask: Ask) -> None:
    """Texts, blanks and impossible dates are not numbers."""
    for text in (
        "number('x')",
        "number('')",
        "number('+1')",
        "number('1,5')",
        "number('0x10')",
        "number('Infinity')",
        "number('2026-02-30')",
        "max(/data/blank)",
        "sqrt(-1)",
    ):
        value = ask(text)
        assert isinstance(value, float)
        assert math.isnan(value), text


def test_days_stay_whole_over_daylight_saving(ask: Ask, world: object) -> None:
    """The distance of two days is whole even where the clock was changed between them."""
    from datetime import datetime  # noqa: PLC0415 - only this test moves.
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    world.now = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))  # type: ignore[attr-defined]
    assert ask("date('2026-07-01') - date('2026-01-01')") == 181
    assert ask("date(date('2026-01-01') + 181)") == "2026-07-01"
    assert ask("date(decimal-date-time('2026-07-01'))") == "2026-07-01"


def test_once_keeps_what_is_there(ask: Ask, home: object) -> None:
    """once() gives the value of its own question when that is not blank."""
    data = home.children[0]  # type: ignore[attr-defined]
    assert ask("once('new')", data.named["region"][0]) == "north"
    assert ask("once(false())", data.named["blank"][0]) is False
    assert ask("if(once(false()), 'yes', 'no')", data.named["blank"][0]) == "no"
    assert ask("once('new')", data.named["blank"][0]) == "new"


def test_uuid_is_version_four(ask: Ask) -> None:
    """uuid() has RFC 4122's version and variant; uuid(n) has n characters."""
    value = ask("uuid()")
    assert isinstance(value, str)
    assert (len(value), value[14]) == (36, "4")
    assert value[19] in "89ab"
    assert ask("string-length(uuid(12))") == 12


@pytest.mark.parametrize(
    ("seed", "order"),
    [(42, "AFCBDE"), (-42, "EDAFBC"), (1, "BFEACD"), (11111111, "ACDBFE")],
)
def test_seeded_order_is_that_of_other_clients(ask: Ask, home: Node, seed: int, order: str) -> None:
    """A seed orders six choices as Enketo and ODK Collect order them."""
    letters = home.children[0].append(Node("letters"))
    for letter in "ABCDEF":
        letters.append(Node("letter", letter))
    assert ask(f"randomize(/data/letters/letter, {seed})") == list(order)


def test_blank_seed_is_zero(ask: Ask) -> None:
    """A seed that is not answered yet orders as the seed 0 does: the same each time."""
    towns = "randomize(instance('towns')/root/item/label, {})".format
    assert ask(towns("/data/blank")) == ask(towns("''")) == ask(towns("0"))


def test_text_seed_is_hashed(ask: Ask) -> None:
    """A seed that is no number orders by its hash: the same each time, as in JavaRosa."""
    text = "randomize(instance('towns')/root/item/label, 'amina')"
    assert ask(text) == ask(text)


@pytest.mark.skipif(importlib.util.find_spec("cryptography") is None, reason="needs cryptography")
def test_extract_signed_gives_the_message(ask: Ask) -> None:
    """A message behind a good Ed25519 signature is given, behind a bad one it is blank."""
    import base64  # noqa: PLC0415 - the package may be missing.

    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    signed = base64.b64encode(private.sign(b"real") + b"real").decode()
    forged = base64.b64encode(private.sign(b"real") + b"fake").decode()
    another = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    empty = base64.b64encode(private.sign(b"")).decode()
    assert ask(f"extract-signed('{signed}', '{key}')") == "real"
    assert ask(f"extract-signed('{forged}', '{key}')") == ""
    assert ask(f"extract-signed('{signed}', '{another.decode()}')") == ""
    assert ask(f"extract-signed('{empty}', '{key}')") == ""
    for text, wrong in (("blah", key), (signed, "YmxhaA=="), (signed, "no key"), ("", "")):
        assert ask(f"extract-signed('{text}', '{wrong}')") == ""
