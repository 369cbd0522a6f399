"""What a form costs a phone is said before anybody pays for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import main
from bot.terminal import programme_around
from bot.weighing import Weight, weigh
from locales.locale import locale_of
from storage.programmes import load_form

FORM = """
| survey |
| | type | name | label::English (en) | label::Kiswahili (sw) | media::image | relevant |
| | text | what | What happened? | Nini kilitokea? Tafadhali eleza kwa maneno yako. | map.jpg | |
| | begin_repeat | child | Child | Mtoto | | |
| | text | name | Its name? | Jina lake? | map.jpg | ${what} = 'birth' |
| | end_repeat | | | | | |
| settings |
| | form_id | version |
| | birth | 1 |
"""


def weights(tmp_path: Path, form: str = FORM, **media: bytes) -> list[Weight]:
    """Weigh a form with some files."""
    path = tmp_path / "birth.md"
    path.write_text(form, "utf-8")
    files = {f"{name}.jpg": content for name, content in media.items()}
    return list(weigh(replace(programme_around(load_form(path)), media=files), locale_of))


def test_each_language_is_weighed(tmp_path: Path) -> None:
    """The words of each language weigh what they weigh; a picture that comes twice counts once."""
    english, swahili = weights(tmp_path, map=b"x" * 5_000)
    assert (english.language, swahili.language) == ("en", "sw")
    assert english.media_bytes == swahili.media_bytes == 5_000
    assert 300 < english.text_bytes < swahili.text_bytes < 5_000


def test_questions_of_few_and_in_repeats_count(tmp_path: Path) -> None:
    """A question that is asked only then and now, and inside a repeat, counts once."""
    shorter = "\n".join(line for line in FORM.splitlines() if "| name | Its" not in line)
    less = weights(tmp_path, shorter.replace("_repeat", "_group"))
    assert less[0].text_bytes < weights(tmp_path)[0].text_bytes


def test_check_says_it_and_advises_about_heavy_files(tmp_path: Path) -> None:
    """`baraza check` prints the weight, and names pictures and sounds that phones suffer from."""
    path = tmp_path / "birth.md"
    path.write_text(FORM, "utf-8")
    media = tmp_path / "media"
    media.mkdir()
    (media / "map.jpg").write_bytes(b"\xff\xd8\xff" + b"x" * 300_000)
    (media / "hello.ogg").write_bytes(b"OggS vorbis")
    said = CliRunner().invoke(main, ["check", str(path)]).output
    assert "This picture has 300 kB, which is dear on a phone." in said
    assert "This sound is not Opus" in said
    assert "birth in sw: " in said
    assert "301 kB of media" in said
