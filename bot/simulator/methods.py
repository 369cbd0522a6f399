"""The methods of the Bot API that the simulator has, and the parameters each accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from bot.simulator import delivery, editing, groups, profile, sending
from bot.simulator.parameters import Arguments, Json, check_encoding
from bot.simulator.refusals import Refused, bad_request
from bot.simulator.sending import CAPTION_OPTIONS, SEND_OPTIONS
from bot.simulator.state import State

Result: TypeAlias = "Json | list[Json] | bool"
Act: TypeAlias = Callable[[State, Arguments], Result]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name, what does it, the names of its parameters."""

    name: str
    act: Act
    parameters: frozenset[str]


def find_method(name: str) -> Method:
    """Return a method by its name in any case, refused where there is none."""
    method = _BY_NAME.get(name.lower())
    if method is None:
        raise Refused(404, "Not Found")
    return method


def perform(state: State, method: Method, given: Arguments) -> Result:
    """Do what a method does, after its parameters' names are checked."""
    if state.logged_out:
        raise bad_request("Logged out")
    for name in given.values:
        if name not in method.parameters:
            raise bad_request(f"unknown parameter {name}")
    _check_uploads(method, given)
    check_encoding(given.values)
    state.faults.check_limits(method.name, given.text("chat_id"), state.now())
    return method.act(state, given)


def _check_uploads(method: Method, given: Arguments) -> None:
    """Refuse a file that no parameter means: not by its name and not by `attach://`."""
    mentioned = " ".join(str(value) for value in given.values.values())
    for name in given.uploads:
        if name not in method.parameters and f"attach://{name}" not in mentioned:
            raise bad_request(f"unknown parameter {name}")


def _method(name: str, act: Act, own: str = "", shared: Iterable[str] = ()) -> Method:
    return Method(name, act, frozenset({*own.split(), *shared}))


_MEDIA = SEND_OPTIONS | CAPTION_OPTIONS
_SHOWN = "has_spoiler show_caption_above_media"
_EDIT = "chat_id message_id inline_message_id business_connection_id reply_markup"

METHODS: tuple[Method, ...] = (
    _method("getMe", profile.get_me),
    _method("getUpdates", delivery.get_updates, "offset limit timeout allowed_updates"),
    _method(
        "setWebhook",
        delivery.set_webhook,
        "url ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    _method("deleteWebhook", delivery.delete_webhook, "drop_pending_updates"),
    _method("getWebhookInfo", delivery.get_webhook_info),
    _method("logOut", delivery.log_out),
    _method("close", delivery.close),
    _method(
        "sendMessage",
        sending.send_message,
        "text parse_mode entities link_preview_options",
        SEND_OPTIONS,
    ),
    _method("sendPhoto", sending.send_photo, f"photo {_SHOWN}", _MEDIA),
    _method("sendVoice", sending.send_voice, "voice duration", _MEDIA),
    _method("sendAudio", sending.send_audio, "audio duration performer title", _MEDIA),
    _method(
        "sendVideo",
        sending.send_video,
        f"video duration width height supports_streaming {_SHOWN}",
        _MEDIA,
    ),
    _method(
        "sendDocument",
        sending.send_document,
        "document disable_content_type_detection",
        _MEDIA,
    ),
    _method(
        "sendAnimation",
        sending.send_animation,
        f"animation duration width height {_SHOWN}",
        _MEDIA,
    ),
    _method("sendMediaGroup", sending.send_media_group, "media", SEND_OPTIONS - {"reply_markup"}),
    _method(
        "sendLocation",
        sending.send_location,
        "latitude longitude horizontal_accuracy",
        SEND_OPTIONS,
    ),
    _method(
        "sendVenue",
        sending.send_venue,
        "latitude longitude title address foursquare_id foursquare_type google_place_id "
        "google_place_type",
        SEND_OPTIONS,
    ),
    _method("sendContact", sending.send_contact, "phone_number first_name last_name", SEND_OPTIONS),
    _method(
        "sendChatAction",
        sending.send_chat_action,
        "chat_id action business_connection_id message_thread_id",
    ),
    _method(
        "editMessageText",
        editing.edit_message_text,
        f"text parse_mode entities link_preview_options {_EDIT}",
    ),
    _method(
        "editMessageCaption",
        editing.edit_message_caption,
        f"{_EDIT} show_caption_above_media",
        CAPTION_OPTIONS,
    ),
    _method("editMessageReplyMarkup", editing.edit_message_reply_markup, _EDIT),
    _method("deleteMessage", editing.delete_message, "chat_id message_id"),
    _method("deleteMessages", editing.delete_messages, "chat_id message_ids"),
    _method(
        "answerCallbackQuery",
        editing.answer_callback_query,
        "callback_query_id text show_alert url cache_time",
    ),
    _method(
        "createForumTopic",
        groups.create_forum_topic,
        "chat_id name icon_color icon_custom_emoji_id",
    ),
    _method("getFile", editing.get_file, "file_id"),
    _method("getChat", profile.get_chat, "chat_id"),
    _method("setMyCommands", profile.set_my_commands, "commands scope language_code"),
    _method("getMyCommands", profile.get_my_commands, "scope language_code"),
    _method("deleteMyCommands", profile.delete_my_commands, "scope language_code"),
    _method("setMyName", profile.set_my_name, "name language_code"),
    _method("getMyName", profile.get_my_name, "language_code"),
    _method("setMyDescription", profile.set_my_description, "description language_code"),
    _method("getMyDescription", profile.get_my_description, "language_code"),
    _method(
        "setMyShortDescription",
        profile.set_my_short_description,
        "short_description language_code",
    ),
    _method("getMyShortDescription", profile.get_my_short_description, "language_code"),
    _method("setChatMenuButton", profile.set_chat_menu_button, "chat_id menu_button"),
    _method("getChatMenuButton", profile.get_chat_menu_button, "chat_id"),
)

_BY_NAME = {method.name.lower(): method for method in METHODS}
