"""Settings come from the environment; a wrong one is named with what to do."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.logs import start_logging
from bot.serving import LOOPBACK, PortInUse, listen
from bot.settings import SettingsError, read_settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TOKEN", "hello", "@BotFather"),
        ("API_URL", "localhost:8081", "http://"),
        ("DATABASE_URL", "mysql://x", "sqlite:///"),
        ("DATABASE_URL", "postgresql://a:pa/ssage@h/b", "%2F"),
        ("KEY", "abc", "64 hexadecimal digits"),
        ("LOG_LEVEL", "LOUD", "WARNING"),
        ("LOG_FORMAT", "xml", "text or json"),
        ("WEBHOOK", "bot.example.org", "https://bot.example.org/telegram"),
        ("WEBHOOK", "https://bot.example.org/metrics", "another path"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("PORT", "99999", "less than or equal to 65535"),
    ],
)
def test_wrong_setting_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """A wrong setting stops the start with its name and a remedy; its value is not repeated."""
    monkeypatch.setenv(f"BARAZA_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert f"BARAZA_{name}" in str(refused.value)
    assert words in str(refused.value)
    assert "ssage" not in str(refused.value)
    if name in {"TOKEN", "KEY"}:
        assert value not in str(refused.value)


def test_every_wrong_setting_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mistakes need one start to be found, not two."""
    monkeypatch.setenv("BARAZA_TOKEN", "hello")
    monkeypatch.setenv("BARAZA_LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError, match=r"(?s)BARAZA_TOKEN.*BARAZA_LOG_LEVEL"):
        read_settings()


def test_settings_are_read_from_a_dot_env_file(tmp_path: Path) -> None:
    """A `.env` file beside the command sets what the environment does not."""
    (tmp_path / ".env").write_text("BARAZA_TOKEN=12:abc\nBARAZA_LOG_LEVEL=debug\n")
    settings = read_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == "12:abc"
    assert settings.log_level == "DEBUG"


def test_key_is_made_once_and_kept_for_its_owner_alone() -> None:
    """The key behind the pseudonyms is made at the first start and is the same at the next."""
    key = read_settings().pseudonym_key()
    assert read_settings().pseudonym_key() == key
    kept = Path("baraza-data/key")
    assert kept.stat().st_mode & 0o077 == 0


def test_damaged_key_file_is_refused() -> None:
    """A damaged key is not replaced, for that would part people from their reports."""
    read_settings().pseudonym_key()
    Path("baraza-data/key").write_text("oops")
    with pytest.raises(SettingsError, match="Put back the copy"):
        read_settings().pseudonym_key()


def test_token_never_appears_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a library puts into its messages, the log shows `<token>`."""
    start_logging("DEBUG", "12:secret")
    try:
        raise ValueError("POST https://example.org/bot12:secret/getMe")
    except ValueError:
        logging.getLogger("library").exception("failed for %s", "12:secret")
    err = capsys.readouterr().err
    assert "12:secret" not in err
    assert err.count("<token>") >= 2


def test_a_misspelt_name_in_the_file_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A name that is no setting is told, also where it stands in `.env`."""
    Path(".env").write_text("BARAZA_TOKN=123456:ABC\n", "utf-8")
    read_settings()
    assert "There is no setting BARAZA_TOKN" in caplog.text


def test_a_postgres_url_is_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is named by its URL."""
    monkeypatch.setenv("BARAZA_DATABASE_URL", "postgresql://amina:secret@localhost/reports")
    assert read_settings().store_url.startswith("postgresql://")


def test_a_data_folder_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder that cannot be made is told with the setting's name."""
    Path("taken").write_text("a file", "utf-8")
    monkeypatch.setenv("BARAZA_DATA_DIR", "taken")
    with pytest.raises(SettingsError, match="BARAZA_DATA_DIR"):
        read_settings().make_data_dir()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"WORKERS": "2"}, "several workers need a webhook"),
        (
            {"WORKERS": "2", "WEBHOOK": "https://example.org/t"},
            "a SQLite file serves one process",
        ),
        ({"TOKEN": "", "WEBHOOK": "https://example.org/t"}, "nobody who would post"),
        ({"WEBHOOK": "http://example.org/t"}, "https:// addresses alone"),
        ({"WEBHOOK": "https://example.org:8080/t"}, "443, 80, 88, 8443"),
    ],
)
def test_settings_that_do_not_go_together_are_told_before_the_start(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    """The bot does not start on what Telegram or the database would refuse later; errands do."""
    for name, value in ({"TOKEN": "12:abc"} | settings).items():
        monkeypatch.setenv(f"BARAZA_{name}", value)
    told = read_settings()
    with pytest.raises(SettingsError, match=words):
        told.expect_runnable()


def test_the_command_line_stands_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given counts, what is not given is as it was set."""
    monkeypatch.setenv("BARAZA_PORT", "8081")
    monkeypatch.setenv("BARAZA_HOST", "0.0.0.0")  # noqa: S104 - nobody listens.
    told = read_settings(port=9000, host=None)
    assert (told.port, told.host) == (9000, "0.0.0.0")  # noqa: S104 - as above.


@pytest.mark.parametrize("option", ["--port", "--metrics-port"])
def test_a_port_that_is_taken_names_the_option(option: str) -> None:
    """Whoever chose a port that is taken reads which option to change, and the reason once."""
    with listen(LOOPBACK, 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as told:
            listen(LOOPBACK, port, option)
    assert str(told.value).endswith(f"(Address already in use). Choose another with {option}.")
