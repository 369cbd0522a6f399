/* The two kinds of keyboard a bot can show, and moving over them with the keys of a real one.
 *
 * Only the newest inline keyboard and the reply keyboard are stops for Tab, and only their buttons
 * are numbered: Alt and a digit presses one from anywhere in the phone. On a button the digit alone
 * is enough, the arrows move (and climb to older keyboards), Escape goes back to the box, and so
 * does whoever begins to write.
 */

import { button, el, plainKey } from "./dom.js";

const OPENABLE = new Set(["http:", "https:", "tg:"]);

/** Buttons under a message; `onTap(button, element)` gets the one that was pressed. */
export function inlineKeyboard(rows, onTap) {
  return keyboard("Buttons of this message", rows, (shown) => {
    if (shown.url !== undefined) return linkKey(shown);
    const copied = shown.copy_text?.text;
    const press = () => (copied === undefined ? onTap(shown, key) : navigator.clipboard?.writeText(copied));
    const key = button(shown.text, { class: "key", onclick: press });
    return key;
  });
}

/** Keys in place of the phone's own keyboard; `onPress(key)` gets the one that was pressed. */
export function replyKeyboard(rows, onPress) {
  return keyboard("Suggested answers", rows, (shown) => {
    const key = typeof shown === "string" ? { text: shown } : shown;
    const shares = Boolean(key.request_location);
    return button(key.text, { class: shares ? "key shares-place" : "key", onclick: () => onPress(key) });
  });
}

function keyboard(label, rows, makeKey) {
  const dressed = (shown) => {
    const key = makeKey(shown);
    key.setAttribute("tabindex", "-1");
    key.append(el("span", { class: "words", dir: "auto" }, ...key.childNodes));
    return key;
  };
  const lines = rows.map((row) => el("div", { class: "row" }, ...row.map(dressed)));
  return el("div", { class: "keyboard", role: "group", "aria-label": label }, ...lines);
}

function linkKey({ text, url }) {
  const address = URL.canParse(url) ? new URL(url) : null;
  const safe = address !== null && OPENABLE.has(address.protocol);
  const target = safe ? { href: address.href, target: "_blank", rel: "noopener noreferrer" } : {};
  return el("a", { class: "key opens", ...target }, text);
}

/** All keyboards now shown in a phone, oldest first. */
const keyboardsIn = (phone) => [...phone.querySelectorAll(".keyboard")];
const keysIn = (board) => [...board.querySelectorAll(".key")];

/* The newest inline keyboard and the reply keyboard, where they are. */
function newestIn(phone) {
  const inline = [...phone.querySelectorAll(".log .keyboard")].at(-1);
  return [inline, phone.querySelector(".reply .keyboard")].filter(Boolean);
}

/** Number the buttons of the newest keyboards and let Tab stop once at each, and nowhere else. */
export function setTabStops(phone) {
  const newest = newestIn(phone);
  for (const key of phone.querySelectorAll(".key")) {
    key.tabIndex = -1;
    delete key.dataset.digit;
  }
  for (const keys of newest.map(keysIn)) {
    const chosen = keys.includes(document.activeElement) ? document.activeElement : keys[0];
    chosen.tabIndex = 0;
  }
  newest.flatMap(keysIn).slice(0, 9).forEach((key, place) => (key.dataset.digit = place + 1));
}

/** Press a numbered button when Alt and its digit are pressed; return whether there was one. */
export function pressNumbered(event, phone) {
  const [, digit] = /^(?:Digit|Numpad)([1-9])$/.exec(event.code) ?? [];
  return event.altKey && !event.ctrlKey && !event.metaKey && press(phone, digit);
}

function press(phone, digit) {
  const key = phone.querySelector(`.key[data-digit="${digit}"]`);
  key?.click();
  return key !== null;
}

/** Move to the newest keyboard; return whether there was one. */
export function focusNewestKeyboard(phone) {
  return moveTo(newestIn(phone)[0]?.querySelector(".key"));
}

/** Act on a key pressed while a button of a keyboard has the focus; return whether it was ours. */
export function moveOverKeys(event, phone, backToBox) {
  const key = event.target.closest?.(".key");
  if (!key || !plainKey(event)) return false;
  const board = key.closest(".keyboard");
  if (event.key === "Escape") {
    backToBox();
    return true;
  }
  if (/^[1-9]$/.test(event.key)) return press(phone, event.key);
  if (event.key.length === 1 && event.key !== " ") return void backToBox();
  const target = destination(event.key, key, board, phone);
  if (target === undefined) return false;
  if (!moveTo(target)) backToBox();
  return true;
}

/* The key to go to: null means below the last one, undefined that this is no moving key. */
function destination(name, key, board, phone) {
  const keys = keysIn(board);
  const at = keys.indexOf(key);
  switch (name) {
    case "ArrowRight":
      return keys[Math.min(at + 1, keys.length - 1)];
    case "ArrowLeft":
      return keys[Math.max(at - 1, 0)];
    case "Home":
      return keys[0];
    case "End":
      return keys.at(-1);
    case "ArrowDown":
      return vertical(key, board, phone, 1) ?? null;
    case "ArrowUp":
      return vertical(key, board, phone, -1) ?? key;
    default:
      return undefined;
  }
}

function vertical(key, board, phone, step) {
  const row = key.parentElement;
  const column = keysIn(row).indexOf(key);
  const rows = keyboardsIn(phone).flatMap((one) => [...one.children]);
  const next = rows[rows.indexOf(row) + step];
  return next && (keysIn(next)[column] ?? keysIn(next).at(-1));
}

function moveTo(key) {
  if (!key) return false;
  for (const other of keysIn(key.closest(".keyboard"))) other.tabIndex = other === key ? 0 : -1;
  key.focus();
  key.scrollIntoView({ block: "nearest" });
  return true;
}
