"""Settings: from the environment or a `.env` file, each named `BARAZA_…`.

A wrong setting is named with what to do; the token and the key never show in a message.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.logs import LogFormat
from bot.serving import CONSOLE_PATH, LOOPBACK, STATUS_PATHS
from storage.errors import DatabaseRefused
from storage.location import expect_address, is_postgres

log = logging.getLogger(__name__)

KEY_BYTES = 32
"""Length of the key behind reporters' pseudonyms; written as 64 hexadecimal digits."""

TELEGRAM_API_URL = "https://api.telegram.org"
TELEGRAM_PORTS = (443, 80, 88, 8443)
"""Where Telegram posts to; https://core.telegram.org/bots/api#setwebhook."""

WORKERS_MAX = 64


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
    log_format: LogFormat = Field("text", description="how the log is written: text or json")
    webhook: str = Field("", description="the address to which Telegram posts updates")
    host: str = Field(LOOPBACK, description="the address the webhook listens at")
    port: int | None = Field(
        None, ge=0, le=65535, description="the port of the simulator or of the webhook"
    )
    workers: int = Field(1, ge=1, le=WORKERS_MAX, description="processes behind the webhook")
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="the port on this machine for /metrics and /healthz"
    )
    console_port: int | None = Field(
        None, ge=0, le=65535, description="the port on this machine for moderators' console"
    )
    console_url: str = Field("", description="the address by which moderators reach the console")

    @field_validator("token", "key", "port", "metrics_port", "console_port", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

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
        if is_postgres(value):
            _expect_address(value)
        return value

    @field_validator("key")
    @classmethod
    def _key_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _key_of(value.get_secret_value())
        return value

    @field_validator("webhook")
    @classmethod
    def _webhook_shape(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("must be an address such as https://bot.example.org/telegram")
        if parts.path in STATUS_PATHS:
            raise ValueError(f"must have another path: {parts.path} shows how the bot is")
        return value

    @field_validator("console_url")
    @classmethod
    def _console_url_shape(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("must be an address such as https://bot.example.org/console")
        if value and parts.path.rstrip("/") != CONSOLE_PATH:
            raise ValueError(f"must end with {CONSOLE_PATH}, where the console is")
        return value.rstrip("/")

    @property
    def console(self) -> str:
        """Return the address of the console; blank where none is served.

        Beside a webhook it is served where its address is set; when polling, where its port is.
        """
        if self.console_url:
            return self.console_url
        return "" if self.console_port is None else f"http://{LOOPBACK}:{self.console_port}/console"

    @property
    def store_url(self) -> str:
        """Return the database's URL: the one set, or a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'baraza.db'}"

    @property
    def key_file(self) -> Path:
        """Return where the key is kept that was made at the first start."""
        return self.data_dir / "key"

    def expect_runnable(self) -> None:
        """Raise `SettingsError` for settings with which the bot cannot run, each right by itself.

        Errands beside the bot mind none of this.
        """
        wrong = next(self._wrong_together(), None)
        if wrong:
            raise SettingsError(wrong)

    def _wrong_together(self) -> Iterator[str]:
        if self.workers > 1 and not self.webhook:
            yield "BARAZA_WORKERS: several workers need a webhook; name its address (--webhook)."
        if self.workers > 1 and not is_postgres(self.store_url):
            yield (
                "BARAZA_WORKERS: a SQLite file serves one process. Run one worker, or set "
                "BARAZA_DATABASE_URL to a PostgreSQL database."
            )
        if self.workers > 1 and sys.platform == "win32":
            yield "BARAZA_WORKERS: on Windows there can be one worker."
        if self.workers > 1 and self.console_port is not None:
            yield (
                "BARAZA_CONSOLE_PORT: several workers serve the console beside the webhook. Set "
                "BARAZA_CONSOLE_URL instead."
            )
        if self.webhook and self.token is None:
            yield "BARAZA_WEBHOOK: without BARAZA_TOKEN there is nobody who would post to it."
        if self.webhook and self.api_url == TELEGRAM_API_URL:
            yield from _unreachable(self.webhook)

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


def read_settings(**given: object) -> Settings:
    """Read the settings; raise `SettingsError` naming every wrong one and what to do.

    What is `given`, and not None, stands over the environment.
    """
    named = {*os.environ, *dotenv_values(".env")}
    for name in sorted({name for name in named if name.startswith("BARAZA_")} - _KNOWN):
        log.warning("There is no setting %s; settings are %s.", name, ", ".join(sorted(_KNOWN)))
    try:
        return Settings(**{name: one for name, one in given.items() if one is not None})  # type: ignore[arg-type] # Validated there.
    except ValidationError as error:
        lines = [_line(e["loc"], e["msg"]) for e in error.errors(include_input=False)]
        raise SettingsError("\n".join(lines)) from None


def _line(where: Sequence[int | str], message: str) -> str:
    what = message.removeprefix("Value error, ")
    if not where:
        return f"{what}."
    name = str(where[0])
    field = Settings.model_fields[name]
    return f"BARAZA_{name.upper()} ({field.description}): {what}."


def _unreachable(url: str) -> Iterator[str]:
    """Say why Telegram would not post to an address (core.telegram.org/bots/webhooks)."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        yield "BARAZA_WEBHOOK: Telegram posts to https:// addresses alone."
    elif (parts.port or 443) not in TELEGRAM_PORTS:
        ports = ", ".join(map(str, TELEGRAM_PORTS))
        yield f"BARAZA_WEBHOOK: Telegram posts to the ports {ports} alone."


def _expect_address(database_url: str) -> None:
    try:
        expect_address(database_url)
    except DatabaseRefused as error:
        raise ValueError(str(error).removesuffix(".")) from None


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
