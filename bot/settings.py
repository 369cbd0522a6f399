"""Settings: from the environment or a `.env` file, each named `BARAZA_…`.

A wrong setting is named with what to do; the token and the key never show in a message.
"""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

log = logging.getLogger(__name__)

KEY_BYTES = 32
"""Length of the key behind reporters' pseudonyms; written as 64 hexadecimal digits."""

TELEGRAM_API_URL = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what to do."""


class Settings(BaseSettings):
    """What an operator can set; see the README's table of settings."""

    model_config = SettingsConfigDict(
        env_prefix="BARAZA_", env_file=".env", extra="ignore", frozen=True
    )

    token: SecretStr | None = Field(None, description="the bot's token, as BotFather gave it")
    api_url: str = Field(TELEGRAM_API_URL, description="the Bot API server to talk to")
    database_url: str = Field("", description="where reports are kept")
    data_dir: Path = Field(Path("baraza-data"), description="folder of database, key and files")
    key: SecretStr | None = Field(None, description="64 hexadecimal digits behind the pseudonyms")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="how much the log says: DEBUG, INFO, WARNING or ERROR"
    )

    @field_validator("token", "key", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        number, _, rest = value.get_secret_value().partition(":")
        if not number.isdigit() or not rest:
            raise ValueError("is not a bot token (123456:ABC…); copy it again from @BotFather")
        return value

    @field_validator("api_url")
    @classmethod
    def _api_url_shape(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://, such as http://127.0.0.1:8081")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url_shape(cls, value: str) -> str:
        if value and not value.startswith(("sqlite://", "postgresql://", "postgres://")):
            raise ValueError(
                "must start with sqlite:///, such as sqlite:///baraza.db, or with postgresql://, "
                "such as postgresql://person:password@host/name"
            )
        return value

    @field_validator("key")
    @classmethod
    def _key_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _key_of(value.get_secret_value())
        return value

    @property
    def store_url(self) -> str:
        """Return the database's URL: the one set, or a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'baraza.db'}"

    @property
    def key_file(self) -> Path:
        """Return where the key is kept that was made at the first start."""
        return self.data_dir / "key"

    def has_key(self) -> bool:
        """Tell whether there is a key already, set or kept."""
        return self.key is not None or self.key_file.exists()

    def make_data_dir(self) -> None:
        """Make the data folder at first use, open to its owner alone."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"BARAZA_DATA_DIR: the folder {self.data_dir} cannot be made ({error.strerror}); "
                "name one that can be written."
            ) from error

    def keep_key(self, text: str) -> None:
        """Keep a key that was there before, as 64 hexadecimal digits, where there is none."""
        _write_key(self.key_file, _key_of(text))

    def pseudonym_key(self) -> bytes:
        """Return the key behind reporters' pseudonyms (32 bytes); make and keep it at first use.

        It is kept in the data folder, beside the database and not in it, readable by its owner
        alone. Whoever loses it can no longer tell which reports are of the same person.
        """
        if self.key is not None:
            return _key_of(self.key.get_secret_value())
        try:
            return _key_of(self.key_file.read_text("ascii"))
        except FileNotFoundError:
            return _make_key(self.key_file)
        except ValueError as error:
            raise SettingsError(
                f"The key file {self.key_file} is damaged: it {error}. "
                "Put back the copy you kept of it."
            ) from None


_KNOWN = {f"BARAZA_{name.upper()}" for name in Settings.model_fields}


def read_settings() -> Settings:
    """Read the settings; raise `SettingsError` naming every wrong one and what to do."""
    named = {*os.environ, *dotenv_values(".env")}
    for name in sorted({name for name in named if name.startswith("BARAZA_")} - _KNOWN):
        log.warning("There is no setting %s; settings are %s.", name, ", ".join(sorted(_KNOWN)))
    try:
        return Settings()
    except ValidationError as error:
        lines = [_line(str(e["loc"][0]), e["msg"]) for e in error.errors(include_input=False)]
        raise SettingsError("\n".join(lines)) from None


def _line(name: str, message: str) -> str:
    field = Settings.model_fields[name]
    what = message.removeprefix("Value error, ")
    return f"BARAZA_{name.upper()} ({field.description}): {what}."


def _key_of(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be {2 * KEY_BYTES} hexadecimal digits")
    return key


def _make_key(kept: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    _write_key(kept, key)
    return key


def _write_key(kept: Path, key: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=kept.parent)  # Readable by its owner alone.
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    Path(beside).replace(kept)  # Whole or not at all, whenever the process is killed.
