/* One person's phone: who holds it, their chat with the bot, and what they can do in it. */

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { button, el } from "./dom.js";
import { underFinger } from "./hand.js";
import { icon, mark } from "./icons.js";
import { border } from "./kanga.js";
import { focusNewestKeyboard, moveOverKeys, pressNumbered, replyKeyboard, setTabStops } from "./keyboards.js";
import { autonym } from "./languages.js";
import { Log } from "./log.js";
import { menuItem, menuPanel, openedBy } from "./menu.js";
import { askPlace } from "./place_dialog.js";
import { Toast } from "./toast.js";

const STARTED_AGAIN = "The simulator was started again. Earlier messages are gone, but the bot remembers where you were. Write anything or press Start to go on.";
const TAP_GIVEN_UP_MILLISECONDS = 10_000;

export class Phone {
  #acts;
  #state = null;
  #keysMade = "null";
  #pressedAt = null;
  #starting = false;

  /** `acts`: close(), gone(), neighbour(step), seen(person), unread(count). `cloth` is the number of their colours. */
  constructor(person, cloth, connection, acts) {
    this.person = person;
    this.#acts = acts;
    this.chat = new Chat(person.id, connection, (state) => this.#show(state), () => acts.gone());
    const name = person.name;
    this.toast = new Toast();
    this.composer = new Composer(name, this.#composerActs());
    this.log = new Log(name, person.language_code, this.#messageActs());
    this.welcome = this.#welcome();
    this.reply = el("div", { class: "reply" });
    this.blocked = this.#blockedNote();
    this.foot = el("div", { class: "foot", hidden: true }, this.reply, this.blocked, this.composer.element);
    this.element = el(
      "section",
      { class: "phone", "data-cloth": cloth, "aria-label": `${name}’s phone`, tabindex: "-1" },
      border(cloth, person.id),
      this.#header(),
      el("div", { class: "middle" }, this.log.element, this.welcome, this.toast.element),
      this.foot,
    );
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("focusin", () => acts.unread(0));
    this.#takeDrops();
    this.chat.follow();
  }

  /** Put the focus where the person goes on: the box, or Start. */
  focus() {
    if (this.#state === null) this.element.focus({ preventScroll: true });
    else if (this.foot.hidden) this.startButton.focus({ preventScroll: true });
    else if (this.#state.blocked) this.blocked.querySelector("button").focus();
    else this.composer.focus();
  }

  close() {
    this.chat.close();
    this.element.remove();
  }

  #header() {
    const { name, language_code } = this.person;
    const initial = [...name.trim()][0] ?? "?";
    this.blockItem = menuItem("Block the bot", icon("stop"), () => this.#try(() => api.block(this.person.id)));
    const panel = menuPanel(`${name}’s phone`, [this.blockItem, menuItem("Put this phone away", icon("close"), () => this.#acts.close())]);
    const opener = button(`More about ${name}’s phone`, { class: "round" }, icon("more"));
    const close = openedBy(opener, panel);
    panel.addEventListener("click", () => close(true));
    return el(
      "header",
      { class: "holder" },
      el("span", { class: "face", "aria-hidden": "true" }, initial),
      el("div", { class: "who" }, el("h2", { dir: "auto" }, name), el("p", { lang: language_code }, autonym(language_code))),
      opener,
      panel,
    );
  }

  #welcome() {
    this.startButton = button("Start", { class: "strong start", onclick: () => this.#start() });
    this.botName = el("h3", { dir: "auto" });
    this.botWords = el("p", { dir: "auto", lang: this.person.language_code });
    this.again = el("div", { class: "again", role: "status" });
    return el("div", { class: "welcome", hidden: true }, mark(), this.botName, this.botWords, this.again, this.startButton);
  }

  /* What the bot says of itself stands in an empty chat; to whom it knows already, that they can go on. */
  #describe(bot, known) {
    this.botWords.hidden = known;
    this.again.hidden = !known;
    this.again.textContent = known ? STARTED_AGAIN : "";
    this.botName.textContent = bot?.name || "A new chat";
    this.botWords.replaceChildren(...(bot?.description ? [bot.description] : this.#sentence("has not written to the bot yet.")));
  }

  /* A sentence about the person; a name in another direction does not turn it round. */
  #sentence(words) {
    return [el("bdi", {}, this.person.name), ` ${words}`];
  }

  #blockedNote() {
    const unblock = button("Let it write again", { class: "quiet", onclick: () => this.#try(() => api.unblock(this.person.id)) });
    return el("div", { class: "blocked", hidden: true }, el("span", {}, ...this.#sentence("blocked the bot.")), unblock);
  }

  #showBlocked(blocked) {
    this.blocked.hidden = !blocked;
    this.blockItem.hidden = blocked;
    this.composer.element.hidden = blocked;
  }

  #endBusy() {
    for (const key of this.element.querySelectorAll("[aria-busy=true]")) key.removeAttribute("aria-busy");
  }

  async #start() {
    if (this.#starting) return;
    this.#starting = true;
    await this.#try(() => api.sendText(this.person.id, "/start"));
    this.#starting = false;
  }

  /* What the box asks for; failures go back to it, because it holds the unsent words. */
  #composerActs() {
    const { id } = this.person;
    return {
      text: (text) => this.chat.send(() => api.sendText(id, text)),
      change: (message, text) => this.chat.send(() => api.edit(id, message.message_id, text)),
      file: (kind, file, caption) => this.chat.send(() => api.sendFile(id, kind, file, caption)),
      place: () => this.#sharePlace(),
      say: (words) => this.toast.say(words),
      lastOwn: () => this.#state.messages.findLast(({ from, text }) => from === "person" && text !== undefined),
      toKeys: () => focusNewestKeyboard(this.element),
      neighbour: (step) => this.#acts.neighbour(step),
    };
  }

  #messageActs() {
    return {
      tap: (message, key, element) => this.#tap(message, key, element),
      command: (text) => this.#try(() => api.sendText(this.person.id, text)),
      edit: (message) => this.composer.edit(message),
    };
  }

  /* Do it now; when it fails, say so over the phone. */
  async #try(request, undo = () => {}) {
    try {
      await this.chat.send(request);
    } catch (error) {
      undo();
      this.toast.say(`That did not work. ${error.message}`);
    }
  }

  async #tap(message, key, element) {
    if (element.getAttribute("aria-busy") === "true") return;
    this.#pressedAt = this.#newestId();
    element.setAttribute("aria-busy", "true");
    const undo = () => element.removeAttribute("aria-busy");
    setTimeout(undo, TAP_GIVEN_UP_MILLISECONDS);
    await this.#try(() => api.tap(this.person.id, message.message_id, key.data), undo);
  }

  async #press(key) {
    this.#pressedAt = this.#newestId();
    if (key.request_location) await this.#sharePlace();
    else await this.#try(() => api.sendText(this.person.id, key.text));
  }

  async #sharePlace() {
    const place = await askPlace();
    if (place) await this.#try(() => api.sendPlace(this.person.id, place));
    this.composer.focus();
  }

  #newestId() {
    return this.#state.messages.at(-1)?.message_id ?? 0;
  }

  #show(state) {
    const first = this.#state === null;
    const begun = state.messages.length > 0;
    const known = state.person.started && !begun;
    const hadFocus = this.element.contains(document.activeElement);
    this.#state = state;
    const fresh = this.log.show(state.messages, Boolean(state.typing));
    this.#showReplyKeys(state.blocked ? null : state.reply_keyboard);
    this.composer.settle({ commands: state.commands, placeholder: state.reply_keyboard_options?.placeholder });
    this.toast.answer(state.toast, first);
    this.#acts.seen(state.person);
    this.#describe(state.bot, known);
    this.#showBlocked(state.blocked);
    if (!state.taps_waiting) this.#endBusy();
    this.startButton.hidden = state.blocked;
    this.welcome.hidden = begun;
    this.foot.hidden = !begun && !known;
    this.log.element.hidden = !begun;
    if (begun) this.log.toEndIfThere();
    setTabStops(this.element);
    if (fresh && !first && !hadFocus) this.#acts.unread(1);
    if (hadFocus) this.#settleFocus();
  }

  #showReplyKeys(rows) {
    const made = JSON.stringify(rows);
    if (made === this.#keysMade) return;
    this.#keysMade = made;
    this.reply.replaceChildren(...(rows ? [replyKeyboard(rows, (key) => this.#press(key))] : []));
  }

  /* Once the talk went on after a press, or the pressed button is gone, the box has the focus;
   * not under a finger, where that would bring up the device's own keyboard. */
  #settleFocus() {
    const holder = document.activeElement;
    const nowhere = !this.element.contains(holder) || holder === this.element || !holder.checkVisibility();
    const wentOn = this.#pressedAt !== null && this.#newestId() > this.#pressedAt;
    if (wentOn) this.#pressedAt = null;
    if ((wentOn || nowhere) && !underFinger()) this.focus();
  }

  #onKey(event) {
    const backToBox = () => this.composer.focus();
    const ours = pressNumbered(event, this.element) || moveOverKeys(event, this.element, backToBox);
    if (!ours && event.key === "Escape" && event.target === this.log.scroller) backToBox();
    if (ours) event.preventDefault();
  }

  #takeDrops() {
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file && !this.foot.hidden) this.composer.hold(file);
    });
  }
}
