"""Typed places: each way of writing one means the point that ODK would keep."""

from __future__ import annotations

import pytest

from conversations.questions.coordinates import read_point

UHURU = "-1.2921 36.8219 0 0"

WRITTEN = {
    "-1.2921, 36.8219": UHURU,
    "-1.2921 36.8219": UHURU,
    "(\N{MINUS SIGN}1,2921; 36,8219)": UHURU,
    "lat: -1.2921 long: 36.8219": UHURU,
    "36.8219 E, 1.2921 S": UHURU,
    "4,711 N 74,072 O": "4.711 -74.072 0 0",
    "S 1 17.526 E 36 49.314": UHURU,
    "1°17'31.6\"S 36°49'18.8\"E": "-1.2921111 36.8218889 0 0",
    "1° 17′ 31.6″ S, 36° 49′ 18.8″ E": "-1.2921111 36.8218889 0 0",  # noqa: RUF001 - as phones write.
    "-1°17.526' 36°49.314'": UHURU,
    "-1.2921, 36.8219 ±12 m": "-1.2921 36.8219 0 12",
    "-1.2921 36.8219 1661 12": "-1.2921 36.8219 1661 12",
    "١٫٢٩ ٣٦٫٨٢": "1.29 36.82 0 0",  # noqa: RUF001 - as phones write.
    "geo:-1.2921,36.8219;u=12": "-1.2921 36.8219 0 12",
    "https://maps.google.com/?q=-1.2921,36.8219": UHURU,
    "Here: https://www.google.com/maps/@-1.2921,36.8219,17z": UHURU,
    "https://www.google.com/maps/search/-1.2921,+36.8219": UHURU,
    "https://www.google.com/maps/place/X/@-1.3,36.7,12z/data=!3d-1.2921!4d36.8219": UHURU,
    "https://www.openstreetmap.org/?mlat=-1.2921&mlon=36.8219#map=17/-1.3/36.8": UHURU,
    "https://www.openstreetmap.org/#map=17/-1.2921/36.8219": UHURU,
    "8FVC2222+22": "47.0000625 8.0000625 0 7",
    "6gcrpr5c+57 Nairobi": "-1.2920625 36.8206875 0 7",
}


@pytest.mark.parametrize(("written", "point"), WRITTEN.items())
def test_a_place_is_read_as_people_write_and_copy_it(written: str, point: str) -> None:
    """Each notation gives degrees, height and accuracy as ODK keeps them."""
    assert str(read_point(written)) == point


@pytest.mark.parametrize(
    "written",
    [
        "behind the church",
        "12",
        "5 6 7",
        "1°61'S 36°E",
        "1.2 S 1.3 N",
        "https://maps.app.goo.gl/abc",
        "PR8M+X2",
        "1" * 5000,
        "",
    ],
)
def test_what_is_no_place_is_not_read(written: str) -> None:
    """Nothing is guessed: minutes beyond sixty, a short code or a short link are no place."""
    assert read_point(written) is None


@pytest.mark.parametrize("written", ["91, 36", "-1.29, 180.5", "36.82, 191"])
def test_a_place_that_is_not_on_earth_is_known_as_such(written: str) -> None:
    """Numbers that are too large are told apart from words, so that the reason can be said."""
    point = read_point(written)
    assert point is not None
    assert not point.on_earth
