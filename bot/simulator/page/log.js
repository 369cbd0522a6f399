/* The messages of one chat, kept in step with the simulator: only what changed is touched.
 *
 * Untouched messages keep their elements, so a reader's place, a playing sound and the focus
 * survive, and a screen reader says new and changed messages only.
 */

import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { dayOf, messageElement } from "./messages.js";

const NEAR_THE_END_PIXELS = 48;

export class Log {
  #shown = new Map();
  #acts;
  #atEnd = true;

  /** `acts` is what messages.js asks for; `name` says whose chat this is. */
  constructor(name, language, acts) {
    this.#acts = acts;
    this.list = el("div", { class: "messages" });
    this.typing = el("div", { class: "typing", hidden: true }, ...[1, 2, 3].map(() => el("i")), el("span", { class: "spoken" }, "The bot is typing"));
    const about = { role: "log", "aria-label": `Messages of ${name}`, "aria-live": "off", tabindex: "0", lang: language };
    this.scroller = el("div", { class: "log", ...about }, this.list, this.typing);
    this.jump = button("Newest message", { class: "jump", hidden: true, onclick: () => this.toEnd() }, icon("down"));
    this.element = el("div", { class: "log-frame" }, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.#noteScroll());
    const keepEnd = new ResizeObserver(() => this.toEndIfThere());
    keepEnd.observe(this.scroller);
    keepEnd.observe(this.list);
  }

  /** Show these messages, all that the chat has now; return whether some are new. */
  show(messages, typing) {
    const first = this.scroller.getAttribute("aria-live") === "off";
    const fresh = messages.filter(({ message_id }) => !this.#shown.has(message_id));
    this.#arrange(this.#items(messages));
    this.typing.hidden = !typing;
    if (first) setTimeout(() => this.scroller.setAttribute("aria-live", "polite"), 500);
    else for (const { message_id } of fresh) this.#shown.get(message_id).element.classList.add("arrived");
    if (fresh.some(({ from }) => from === "person")) this.toEnd();
    else if (!this.#atEnd && fresh.length > 0) this.jump.classList.add("unread");
    return fresh.length > 0;
  }

  /** Stay at the newest message, for whoever was reading it. */
  toEndIfThere() {
    if (this.#atEnd) this.toEnd();
  }

  /** Scroll to the newest message. */
  toEnd() {
    this.#atEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#noteScroll();
  }

  #noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PIXELS;
    this.jump.hidden = this.#atEnd;
    if (this.#atEnd) this.jump.classList.remove("unread");
  }

  /* Days and messages in their order, each with a key and what it was made from. */
  #items(messages) {
    const items = [];
    let day = null;
    let from = null; // Who spoke last: the bot, the person, or whoever in a group.
    for (const message of messages) {
      const today = dayOf(message);
      if (today !== day) {
        items.push({ key: `day ${today}`, made: today, make: () => el("h3", { class: "day" }, el("span", {}, today)) });
        from = null;
      }
      const made = JSON.stringify(message);
      items.push({ key: message.message_id, made, follows: speaker(message) === from, make: () => messageElement(message, this.#acts) });
      day = today;
      from = speaker(message);
    }
    return items;
  }

  #arrange(items) {
    const wanted = new Set(items.map(({ key }) => key));
    for (const [key, { element }] of this.#shown) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#shown.delete(key);
    }
    let after = null;
    for (const item of items) {
      const element = this.#settled(item);
      element.classList.toggle("follows", Boolean(item.follows));
      const place = after ? after.nextSibling : this.list.firstChild;
      if (place !== element) this.list.insertBefore(element, place);
      after = element;
    }
  }

  /* The element of an item: the one already there, or a new one in its place. */
  #settled({ key, made, make }) {
    const known = this.#shown.get(key);
    if (known?.made === made) return known.element;
    const element = make();
    if (known) replaceKeepingFocus(known.element, element);
    this.#shown.set(key, { element, made });
    return element;
  }
}

const speaker = ({ from, sender }) => sender?.id ?? from;

/* Put a changed message in the old one's place; a button that had the focus hands it on. */
function replaceKeepingFocus(old, element) {
  const keys = [...old.querySelectorAll(".key")];
  const at = keys.indexOf(document.activeElement);
  element.classList.add("changed");
  old.replaceWith(element);
  if (at >= 0) element.querySelectorAll(".key")[at]?.focus({ preventScroll: true });
}
