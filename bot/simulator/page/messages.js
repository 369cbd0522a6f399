/* One message as a person sees it. */

import { button, el, spoken } from "./dom.js";
import { formatted } from "./entities.js";
import { icon } from "./icons.js";
import { inlineKeyboard } from "./keyboards.js";
import { attached } from "./media.js";
import { placeCard } from "./place_card.js";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** When a message was sent; the simulator gives seconds since 1970, or an ISO time. */
export function sentAt({ date }) {
  return new Date(typeof date === "number" ? date * 1000 : date);
}

/** Build the element of a message. `acts` has tap, command and edit, called with what was pressed;
 * without `edit` nothing can be changed. */
export function messageElement(message, acts) {
  const own = message.from === "person";
  const words = message.text ?? message.caption;
  const bubble = el(
    "div",
    { class: "bubble" },
    message.sender ? el("b", { class: "sender", dir: "auto" }, message.sender.name) : spoken(own ? "You: " : "Bot: "),
    message.forward_origin ? el("p", { class: "aside" }, "Forwarded") : null,
    attached(message),
    message.location ? placeCard(message.location) : null,
    message.venue ? aside("venue", message.venue.title, message.venue.address) : null,
    message.contact ? aside("contact", `${message.contact.first_name} ${message.contact.last_name ?? ""}`, message.contact.phone_number) : null,
    words ? el("div", { class: "text", dir: "auto" }, formatted(words, message.entities ?? message.caption_entities, { onCommand: acts.command })) : null,
    footer(message, own, acts),
  );
  const rows = message.inline_keyboard ?? [];
  const keys = rows.length > 0 ? inlineKeyboard(rows, (key, element) => acts.tap(message, key, element)) : null;
  return el("article", { class: "message", "data-from": message.from, "data-id": message.message_id, "data-album": message.media_group_id ?? null }, bubble, keys);
}

/* Two lines of a card: what it is of, and how to find it. */
function aside(kind, title, line) {
  return el("p", { class: `aside ${kind}`, dir: "auto" }, el("b", {}, title), ` ${line}`);
}

function footer(message, own, acts) {
  const at = sentAt(message);
  const edited = message.edited ? el("span", { class: "edited" }, "edited") : null;
  const time = el("time", { datetime: at.toISOString() }, TIME.format(at));
  const pencil = own && acts.edit && message.text !== undefined;
  const change = pencil ? button("Edit this message", { class: "edit", tabindex: "-1", onclick: () => acts.edit(message) }, icon("pencil")) : null;
  return el("footer", {}, change, edited, time);
}

/** Name the day of a message, to stand between the days. */
export function dayOf(message) {
  return DAY.format(sentAt(message));
}
