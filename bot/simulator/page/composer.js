/* The box at the foot of a phone: writing, sending, changing one's words, adding files and places. */

import { Outgoing, kindOf, pickFile } from "./attachments.js";
import { CommandList } from "./commands.js";
import { button, el, plainKey } from "./dom.js";
import { icon } from "./icons.js";
import { menuItem, menuPanel, openedBy } from "./menu.js";
import { canRecord, record } from "./recorder.js";

const LONGEST_TEXT = 4096;

export class Composer {
  #acts;
  #editing = null;
  #placeholder = "Message";

  /** `acts`: text, change(message, text), file(kind, file, caption), place, say, lastOwn, toKeys, neighbour. */
  constructor(name, acts) {
    this.#acts = acts;
    this.box = el("textarea", { rows: "1", dir: "auto", maxlength: LONGEST_TEXT, placeholder: "Message", "aria-label": `Message from ${name} to the bot`, enterkeyhint: "send" });
    this.commands = new CommandList(this.box, (command) => this.#give(command));
    this.outgoing = new Outgoing(() => this.#settle());
    this.strip = el("div", { class: "strip", hidden: true });
    this.sendButton = button("Send", { class: "round strong send", onclick: () => this.#send() }, icon("send"));
    this.voiceButton = canRecord() ? button("Record a voice message", { class: "round voice", onclick: () => this.#record() }, icon("microphone")) : null;
    const line = el("div", { class: "line" }, this.#attachMenu(), this.box, this.voiceButton, this.sendButton);
    this.element = el("div", { class: "composer" }, this.commands.element, this.strip, this.outgoing.element, line);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#onKey(event));
    this.box.addEventListener("paste", (event) => this.#takeFiles(event, event.clipboardData));
    this.#settle();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  /* Take a pasted file. */
  #takeFiles(event, transfer) {
    const [file] = transfer.files;
    if (!file) return;
    event.preventDefault();
    this.hold(file);
  }

  /** Take what the chat offers for the box: the bot's commands, and words to stand in it. */
  settle({ commands, placeholder }) {
    this.commands.offer(commands ?? []);
    this.#placeholder = placeholder || "Message";
    this.#settle();
  }

  /** Show a file as the next thing to send. */
  hold(file, kind = kindOf(file)) {
    this.stopEditing();
    this.outgoing.hold(file, kind);
    this.#settle();
    this.focus();
  }

  /** Take up one of the person's own messages to change it. */
  edit(message) {
    this.outgoing.clear();
    this.#editing = message;
    this.box.value = message.text;
    const leave = button("Leave it as it was", { class: "round", onclick: () => this.stopEditing(true) }, icon("close"));
    this.strip.replaceChildren(icon("pencil"), el("span", { class: "about" }, el("b", {}, "Changing your message")), leave);
    this.strip.hidden = false;
    this.#settle();
    this.focus();
  }

  /** Stop changing a message, and clear the box. */
  stopEditing(refocus = false) {
    if (!this.#editing) return;
    this.#editing = null;
    this.box.value = "";
    this.strip.hidden = true;
    this.#settle();
    if (refocus) this.focus();
  }

  #attachMenu() {
    const take = (accept, kind) => () => {
      close(false);
      pickFile(accept, (file) => this.hold(file, kind ?? kindOf(file)));
    };
    const place = () => {
      close(true);
      this.#acts.place();
    };
    const panel = menuPanel("Add", [
      menuItem("Photo or film", icon("picture"), take("image/*,video/*")),
      menuItem("Sound", icon("sound"), take("audio/*", "audio")),
      menuItem("File", icon("file"), take("", "document")),
      menuItem("Place", icon("place"), place),
    ]);
    const opener = button("Add a photo, sound, file or place", { class: "round attach" }, icon("attach"));
    const close = openedBy(opener, panel);
    return el("div", { class: "holder up" }, opener, panel);
  }

  #typed() {
    this.commands.follow();
    this.#settle();
  }

  /* Bring what is around the text in line with it: commands, height, which button shows. */
  #settle() {
    const blank = this.box.value.trim() === "" && !this.outgoing.file;
    this.box.style.setProperty("height", "auto");
    this.box.style.setProperty("height", `${this.box.scrollHeight}px`);
    this.element.classList.toggle("blank", blank);
    this.sendButton.disabled = blank;
    this.box.placeholder = this.outgoing.file ? "Add words, or just send" : this.#placeholder;
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (this.commands.open && plainKey(event) && this.commands.key(event.key)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && plainKey(event)) this.#sendFromKey(event);
    else if (event.key === "Escape") this.#giveUp();
    else if (this.box.value === "") this.#onKeyInEmptyBox(event);
  }

  #sendFromKey(event) {
    event.preventDefault();
    this.#send();
  }

  #onKeyInEmptyBox(event) {
    const ways = { ArrowLeft: -1, ArrowRight: 1 };
    let done = false;
    if (event.ctrlKey && event.key in ways) done = this.#acts.neighbour(ways[event.key]);
    else if (event.key === "ArrowUp" && plainKey(event)) done = this.#editLast();
    else if (event.key === "ArrowDown" && plainKey(event)) done = this.#acts.toKeys();
    if (done) event.preventDefault();
  }

  #editLast() {
    const message = this.#acts.lastOwn();
    if (message) this.edit(message);
    return Boolean(message);
  }

  #giveUp() {
    if (this.#editing) this.stopEditing();
    else if (this.outgoing.clear()) this.#settle();
  }

  #give(command) {
    this.box.value = command;
    this.#send();
  }

  async #send() {
    const text = this.box.value.trim();
    const editing = this.#editing;
    const held = this.outgoing.file ? { file: this.outgoing.file, kind: this.outgoing.kind } : null;
    if (!text && !held) return;
    this.#clear();
    try {
      if (editing) await this.#acts.change(editing, text);
      else if (held) await this.#acts.file(held.kind, held.file, text);
      else await this.#acts.text(text);
    } catch (error) {
      this.#restore(text, editing, held, error);
    }
  }

  #clear() {
    this.stopEditing();
    this.outgoing.clear();
    this.box.value = "";
    this.#typed();
    this.focus();
  }

  /* Nothing a person wrote is lost when it could not be sent. */
  #restore(text, editing, held, error) {
    if (editing) this.edit(editing);
    if (held) this.hold(held.file, held.kind);
    if (this.box.value === "" || editing) this.box.value = text;
    this.#settle();
    this.#acts.say(`Not sent. ${error.message}`);
  }

  async #record() {
    this.element.classList.add("busy");
    try {
      const file = await record(this.strip);
      if (file) await this.#acts.file("voice", file, "");
    } catch (error) {
      this.#acts.say(`No recording. ${error.message}`);
    }
    this.element.classList.remove("busy");
    this.focus();
  }
}
