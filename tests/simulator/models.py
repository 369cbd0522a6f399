"""The Bot API as aiogram's typed models know it: what may be sent and what may come back."""

from __future__ import annotations

import json
from typing import Any

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import TelegramObject
from pydantic import BaseModel, TypeAdapter

from bot.simulator.parameters import Json


def check_call(call: Json) -> None:
    """Hold one entry of `World.calls` against the models: its parameters and its result."""
    if not call["ok"]:
        return
    model = model_of(call["method"])
    given = {name: _decoded(value) for name, value in call["parameters"].items()}
    uploads = {name: f"attach://{name}" for name in call.get("files", {}) if name not in given}
    known = {name: value for name, value in uploads.items() if name in model.model_fields}
    assert_known(model.model_validate(given | known))
    check_result(call["method"], call["result"])


def check_result(method: str, result: object) -> None:
    """Hold a result against the type that a method returns."""
    returned = TypeAdapter(model_of(method).__returning__).validate_python(result)
    assert_known(returned)


def model_of(method: str) -> type[TelegramMethod[Any]]:
    """Return aiogram's model of a method."""
    model: type[TelegramMethod[Any]] = getattr(aiogram.methods, method[0].upper() + method[1:])
    assert issubclass(model, TelegramMethod)
    return model


def assert_known(value: object) -> None:
    """Assert that no part of a value has members which the Bot API does not know."""
    match value:
        case list():
            for one in value:
                assert_known(one)
        case BaseModel():
            assert not value.model_extra, (type(value).__name__, value.model_extra)
            for name in type(value).model_fields:
                assert_known(getattr(value, name))


def check_update(update: Json) -> None:
    """Hold an update against its model."""
    read = aiogram.types.Update.model_validate(update)
    assert isinstance(read, TelegramObject)
    assert_known(read)


def _decoded(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return json.loads(value)
    return value
