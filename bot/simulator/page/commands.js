/* The commands a person can give, offered while a text begins with a slash. */

import { el } from "./dom.js";

/* Offered until the bot has said which commands it knows. */
const USUAL = [
  ["/help", "what this is and what I can do"],
  ["/language", "change the language"],
  ["/back", "go back one question"],
  ["/skip", "leave this question blank"],
  ["/cancel", "stop this report"],
  ["/start", "begin again"],
];

let lists = 0;

/** The list above a text box: it opens by typing a slash, arrows choose, Enter gives the command. */
export class CommandList {
  #box;
  #onPick;
  #chosen = 0;
  #known = USUAL;

  constructor(box, onPick) {
    this.#box = box;
    this.#onPick = onPick;
    lists += 1;
    this.element = el("ul", { class: "commands", role: "listbox", id: `commands-${lists}`, "aria-label": "Commands", hidden: true });
    box.setAttribute("aria-controls", this.element.id);
    box.setAttribute("aria-autocomplete", "list");
  }

  /** Whether it is open. */
  get open() {
    return !this.element.hidden;
  }

  /** Take the commands the bot has told, [{command, description}]; none keeps the usual ones. */
  offer(told) {
    this.#known = told.length > 0 ? told.map(({ command, description }) => [`/${command}`, description]) : USUAL;
  }

  /** Offer what fits the text in the box. */
  follow() {
    const text = this.#box.value;
    const fitting = /^\/\w*$/.test(text) ? this.#known.filter(([name]) => name.startsWith(text.toLowerCase())) : [];
    this.#chosen = 0;
    this.element.hidden = fitting.length === 0;
    this.element.replaceChildren(...fitting.map((command, place) => this.#option(command, place)));
    this.#mark();
  }

  /** Act on a key pressed in the box while the list is open; return whether it was ours. */
  key(name) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (name in steps) this.#move(steps[name]);
    else if (name === "Escape") this.#close();
    else if (name === "Enter") this.#onPick(this.#options()[this.#chosen].dataset.command);
    else if (name === "Tab") this.#complete();
    else return false;
    return true;
  }

  #option([name, meaning], place) {
    const pick = (event) => {
      event.preventDefault();
      this.#onPick(name);
    };
    const id = `${this.element.id}-${place}`;
    return el("li", { role: "option", id, "data-command": name, onpointerdown: pick }, el("b", {}, name), " ", el("span", { dir: "auto" }, meaning));
  }

  #options() {
    return [...this.element.children];
  }

  #move(step) {
    const { length } = this.#options();
    this.#chosen = (this.#chosen + step + length) % length;
    this.#mark();
  }

  #mark() {
    this.#options().forEach((option, place) => option.setAttribute("aria-selected", String(place === this.#chosen)));
    const chosen = this.#options()[this.#chosen];
    if (chosen) this.#box.setAttribute("aria-activedescendant", chosen.id);
    else this.#box.removeAttribute("aria-activedescendant");
  }

  #complete() {
    this.#box.value = this.#options()[this.#chosen].dataset.command;
    this.#close();
  }

  #close() {
    this.element.hidden = true;
    this.#box.removeAttribute("aria-activedescendant");
  }
}
