"""How updates reach the bot: getUpdates, the webhook's settings, logOut and close.

Waiting (long polls) and posting to a webhook are the server's; here are the rules.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from bot.simulator.parameters import Arguments, Json
from bot.simulator.refusals import Refused, bad_request, too_many
from bot.simulator.state import State, Webhook
from bot.simulator.updates import TAKE_MAX

POLL_SECONDS_MAX = 50
CONNECTIONS_MAX = 100
CONNECTIONS_DEFAULT = 40
CLOSE_AFTER = timedelta(minutes=10)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


def get_updates(state: State, given: Arguments) -> list[Json]:
    """Return pending updates; those before `offset` are confirmed and gone."""
    if state.webhook is not None:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    poll_seconds(given)
    limit = given.integer("limit", TAKE_MAX)
    _allow(state, given)
    taken = limit if 1 <= limit <= TAKE_MAX else TAKE_MAX
    return state.updates.take(given.integer("offset"), taken, state.now())


def poll_seconds(given: Arguments) -> int:
    """Return how long a getUpdates call waits for something new."""
    return min(max(given.integer("timeout"), 0), POLL_SECONDS_MAX)


def set_webhook(state: State, given: Arguments) -> bool:
    """Have updates posted to an address; a blank one means none any more."""
    url, secret = given.text("url").strip(), given.text("secret_token")
    connections = given.integer("max_connections", CONNECTIONS_DEFAULT)
    _check_url(url)
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(state, given)
    if given.truth("drop_pending_updates"):
        state.updates.clear()
    state.trouble = None
    state.webhook = None
    if url:
        state.webhook = Webhook(url, secret, min(max(connections, 1), CONNECTIONS_MAX))
    return True


def delete_webhook(state: State, given: Arguments) -> bool:
    """Go back to getUpdates."""
    if given.truth("drop_pending_updates"):
        state.updates.clear()
    state.webhook = None
    return True


def get_webhook_info(state: State, _given: Arguments) -> Json:
    """Return where updates go, how many wait, and what went wrong last."""
    state.updates.expire(state.now())
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.pending),
    }
    if state.webhook is not None:
        info["url"] = state.webhook.url
        info["max_connections"] = state.webhook.connections_max
        info["ip_address"] = "127.0.0.1"
    if state.trouble is not None:
        info["last_error_date"] = int(state.trouble.at.timestamp())
        info["last_error_message"] = state.trouble.words
    return info | _chosen_kinds(state)


def log_out(state: State, _given: Arguments) -> bool:
    """Leave this server: every later call is refused until the world is reset."""
    state.logged_out = True
    return True


def close(state: State, _given: Arguments) -> bool:
    """Close the bot on this server, refused in its first ten minutes."""
    left = state.began_at + CLOSE_AFTER - state.now()
    if left > timedelta():
        raise too_many(int(left.total_seconds()) or 1)
    return True


def _chosen_kinds(state: State) -> Json:
    default = type(state.updates)(0).allowed
    chosen = state.updates.allowed
    return {} if chosen == default else {"allowed_updates": sorted(chosen)}


def _allow(state: State, given: Arguments) -> None:
    kinds = given.array("allowed_updates")
    if kinds is not None and not all(isinstance(kind, str) for kind in kinds):
        raise bad_request('field "allowed_updates" must be an Array of Strings')
    state.updates.allow(kinds)


def _check_url(url: str) -> None:
    """Let addresses of this machine through, with or without TLS; nothing else is reached."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise bad_request("bad webhook: Wrong HTTP URL") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if host not in LOOPBACK and parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if host not in LOOPBACK:
        raise bad_request("bad webhook: the simulator delivers to this machine only")
