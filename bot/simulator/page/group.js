/* A group as its members see it: topics, who said what, and a box in which each of them can speak.
 *
 * Whoever is chosen above the box writes and taps; the bot sees who it was.
 */

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { CommandList } from "./commands.js";
import { button, el, plainKey } from "./dom.js";
import { icon } from "./icons.js";
import { border } from "./kanga.js";
import { focusNewestKeyboard, moveOverKeys, pressNumbered, setTabStops } from "./keyboards.js";
import { Log } from "./log.js";
import { menuItem, menuPanel, openedBy } from "./menu.js";
import { Toast } from "./toast.js";

const LONGEST_TEXT = 4096;
const GENERAL = 0;
const TAP_GIVEN_UP_MILLISECONDS = 10_000;

export class GroupPhone {
  #acts;
  #state = null;
  #topic = GENERAL;
  #topicsMade = "";
  #seen = new Map();

  /** `group` is {id, title, members}; `nameOf(id)` names a person. `acts` are those of a phone. */
  constructor(group, cloth, nameOf, connection, acts) {
    this.person = { id: group.id, name: group.title };
    this.#acts = acts;
    this.chat = new Chat(group.id, connection, (state) => this.#show(state), () => acts.gone());
    this.toast = new Toast();
    this.topics = el("nav", { class: "topics", "aria-label": `Topics of ${group.title}`, hidden: true });
    this.log = new Log(group.title, "", { tap: (...tapped) => this.#tap(...tapped), command: (text) => this.#say(text) });
    this.element = el(
      "section",
      { class: "phone group", "data-cloth": cloth, "aria-label": `Group ${group.title}`, tabindex: "-1" },
      border(cloth, `group${-group.id}`),
      this.#header(group, nameOf),
      this.topics,
      el("div", { class: "middle" }, this.log.element, this.toast.element),
      el("div", { class: "foot" }, this.#box(group, nameOf)),
    );
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("focusin", () => acts.unread(0));
    this.chat.follow();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  close() {
    this.chat.close();
    this.element.remove();
  }

  #header({ title, members }, nameOf) {
    const panel = menuPanel(`Group ${title}`, [menuItem("Put this group away", icon("close"), () => this.#acts.close())]);
    const opener = button(`More about the group ${title}`, { class: "round" }, icon("more"));
    openedBy(opener, panel);
    const names = members.map(nameOf).join(", ");
    return el(
      "header",
      { class: "holder" },
      el("span", { class: "face", "aria-hidden": "true" }, icon("people")),
      el("div", { class: "who" }, el("h2", { dir: "auto" }, title), el("p", { dir: "auto", title: names }, names)),
      opener,
      panel,
    );
  }

  #box({ title, members }, nameOf) {
    const options = members.map((id) => el("option", { value: id, dir: "auto" }, nameOf(id)));
    this.who = el("select", { "aria-label": `Who speaks in ${title}` }, ...options);
    this.box = el("textarea", { rows: "1", dir: "auto", maxlength: LONGEST_TEXT, placeholder: "Message", "aria-label": `Message to the group ${title}`, enterkeyhint: "send" });
    this.commands = new CommandList(this.box, (command) => this.#give(command));
    this.sendButton = button("Send", { class: "round strong send", onclick: () => this.#send() }, icon("send"));
    this.box.addEventListener("input", () => this.#settle());
    this.box.addEventListener("keydown", (event) => this.#onBoxKey(event));
    const speaker = el("label", { class: "speaker" }, el("span", {}, "As"), this.who);
    const line = el("div", { class: "line" }, this.box, this.sendButton);
    this.#settle();
    return el("div", { class: "composer" }, this.commands.element, speaker, line);
  }

  #settle() {
    this.commands.follow();
    this.box.style.setProperty("height", "auto");
    this.box.style.setProperty("height", `${this.box.scrollHeight}px`);
    this.sendButton.disabled = this.box.value.trim() === "";
  }

  #onBoxKey(event) {
    if (event.isComposing) return;
    const ways = { ArrowLeft: -1, ArrowRight: 1 };
    const plain = plainKey(event);
    let done = this.commands.open && plain && this.commands.key(event.key);
    if (!done && event.key === "Enter" && !event.shiftKey && plain) done = this.#send() || true;
    else if (!done && this.box.value === "" && event.ctrlKey && event.key in ways) done = this.#acts.neighbour(ways[event.key]);
    else if (!done && this.box.value === "" && event.key === "ArrowDown" && plain) done = focusNewestKeyboard(this.element);
    if (done) event.preventDefault();
  }

  #onKey(event) {
    const ours = pressNumbered(event, this.element) || moveOverKeys(event, this.element, () => this.focus());
    if (ours) event.preventDefault();
  }

  #give(command) {
    this.box.value = command;
    this.#send();
  }

  async #send() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.#settle();
    if (!(await this.#say(text)) && this.box.value === "") this.box.value = text;
    this.#settle();
  }

  #say(text) {
    return this.#try(() => api.say(this.person.id, Number(this.who.value), text, this.#topic));
  }

  async #tap(message, key, element) {
    if (element.getAttribute("aria-busy") === "true") return;
    element.setAttribute("aria-busy", "true");
    const undo = () => element.removeAttribute("aria-busy");
    setTimeout(undo, TAP_GIVEN_UP_MILLISECONDS);
    await this.#try(() => api.tapAs(this.person.id, Number(this.who.value), message.message_id, key.data), undo);
  }

  /* Do it now; when it fails, say so over the group. */
  async #try(request, undo = () => {}) {
    try {
      await this.chat.send(request);
      return true;
    } catch (error) {
      undo();
      this.toast.say(`That did not work. ${error.message}`);
      return false;
    }
  }

  #show(state) {
    const first = this.#state === null;
    this.#state = state;
    this.commands.offer(state.commands);
    if (![GENERAL, ...state.topics.map(({ id }) => id)].includes(this.#topic)) this.#topic = GENERAL;
    const fresh = this.#showTopic();
    this.#showTopics(first);
    this.toast.answer(state.toast, first);
    if (!state.taps_waiting) for (const key of this.element.querySelectorAll("[aria-busy=true]")) key.removeAttribute("aria-busy");
    if (fresh && !first && !this.element.contains(document.activeElement)) this.#acts.unread(1);
  }

  #showTopic() {
    const messages = this.#state.messages.filter(({ topic = GENERAL }) => topic === this.#topic);
    this.#seen.set(this.#topic, messages.at(-1)?.message_id ?? 0);
    const fresh = this.log.show(messages, false);
    this.log.toEndIfThere();
    setTabStops(this.element);
    return fresh;
  }

  /* The topics as a row of tabs; one in which more was said than was read bears a dot. */
  #showTopics(first) {
    const all = [{ id: GENERAL, name: "General" }, ...this.#state.topics];
    const newest = new Map(this.#state.messages.map(({ topic = GENERAL, message_id }) => [topic, message_id]));
    if (first) for (const [topic, message] of newest) this.#seen.set(topic, message);
    const tabs = all.map(({ id, name }) => ({ id, name, shown: id === this.#topic, unread: (newest.get(id) ?? 0) > (this.#seen.get(id) ?? 0) }));
    this.topics.hidden = all.length < 2;
    const made = JSON.stringify(tabs);
    if (made === this.#topicsMade) return;
    this.#topicsMade = made;
    const focused = this.topics.contains(document.activeElement);
    this.topics.replaceChildren(...tabs.map((tab) => this.#tab(tab)));
    const shown = this.topics.querySelector("[aria-current]");
    shown?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focused) shown?.focus({ preventScroll: true });
  }

  #tab({ id, name, shown, unread }) {
    const look = unread ? "topic unread" : "topic";
    const label = unread ? `${name}, something new` : null;
    return el("button", { type: "button", class: look, dir: "auto", "aria-current": shown ? "true" : null, "aria-label": label, onclick: () => this.#goTo(id) }, name);
  }

  #goTo(topic) {
    this.#topic = topic;
    this.#showTopic();
    this.#showTopics(false);
    this.log.toEnd();
  }
}

/** The dialog for a new group: a title, and who is in it. `add(title, members)` makes it. */
export function askForGroup(people, add) {
  const title = el("input", { name: "title", required: true, maxlength: "64", dir: "auto", autocomplete: "off", value: "Moderators" });
  const boxes = people.map(({ id, name }) => el("input", { type: "checkbox", value: id, checked: true, "aria-label": name }));
  const rows = people.map(({ name }, place) => el("label", { class: "member" }, boxes[place], el("span", { dir: "auto" }, name)));
  const note = el("p", { class: "note", role: "status" }, "The bot is in it and may make topics. What it does there, a command such as /here says.");
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": "group-title" });
  const form = el(
    "form",
    {},
    el("h2", { id: "group-title" }, "Make a group"),
    el("label", { class: "field" }, el("span", {}, "Title"), title),
    el("fieldset", { class: "members" }, el("legend", {}, "Members"), ...rows),
    note,
    el("div", { class: "ends" }, button("Cancel", { class: "quiet", onclick: () => dialog.close() }), button("Make it", { class: "strong", type: "submit" })),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const members = boxes.filter(({ checked }) => checked).map(({ value }) => Number(value));
    if (members.length === 0) return void (note.textContent = "Choose somebody.");
    try {
      await add(title.value.trim(), members);
      dialog.close();
    } catch (error) {
      note.textContent = `No group was made. ${error.message}`;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  title.select();
}
