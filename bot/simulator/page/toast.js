/* Short words that come up over a phone and go again, and those that wait to be read. */

import { button, el } from "./dom.js";

const SHOWN_MILLISECONDS = 4500;

export class Toast {
  #timer = null;
  #number = 0;

  constructor() {
    this.element = el("div", { class: "toast", role: "status", hidden: true });
  }

  /** Show words for a moment. */
  say(words) {
    clearTimeout(this.#timer);
    this.element.replaceChildren(el("span", { dir: "auto" }, words));
    this.element.hidden = false;
    this.#timer = setTimeout(() => this.hide(), SHOWN_MILLISECONDS);
  }

  /** Show the bot's answer to a tap, once; one from before (`first`) is only known from then on. */
  answer(toast, first) {
    const number = toast?.number ?? 0;
    const known = number === this.#number;
    this.#number = number;
    if (known || first || !toast?.text) return;
    if (toast.show_alert) alertWords(toast.text);
    else this.say(toast.text);
  }

  hide() {
    this.element.hidden = true;
  }
}

/* Show words until they are acknowledged, as a bot's alert asks for. */
function alertWords(words) {
  const before = document.activeElement;
  const dialog = el("dialog", { class: "sheet alert", "aria-label": "The bot says" });
  const close = () => dialog.close();
  dialog.append(el("p", { dir: "auto" }, words), el("div", { class: "ends" }, button("OK", { class: "strong", onclick: close })));
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
}
