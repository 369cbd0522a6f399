/* Whether the simulator answers, and the banner that says so when it does not. */

import { button, el } from "./dom.js";

const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 15;

/** The one connection all phones share: they report to it and wait for it. */
export class Connection {
  #banner;
  #lost = false;
  #seconds = FIRST_WAIT_SECONDS;
  #waiting = null;

  constructor(banner) {
    this.#banner = banner;
  }

  /** Note that the simulator answered. */
  answered() {
    if (!this.#lost) return;
    this.#lost = false;
    this.#seconds = FIRST_WAIT_SECONDS;
    this.#banner.dataset.state = "regained";
    this.#banner.replaceChildren("Connected again.");
    setTimeout(() => this.#lost || this.#hide(), 2500);
  }

  /** Note that the simulator did not answer, and resolve when it is time to try again. */
  async lost() {
    this.#lost = true;
    this.#waiting ??= this.#pause();
    await this.#waiting;
  }

  #pause() {
    const seconds = this.#seconds;
    this.#seconds = Math.min(seconds * 2, LONGEST_WAIT_SECONDS);
    return new Promise((resolve) => {
      const again = () => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve();
      };
      const timer = setTimeout(again, seconds * 1000);
      this.#say(seconds, again);
    });
  }

  #say(seconds, again) {
    this.#banner.hidden = false;
    this.#banner.dataset.state = "lost";
    const words = `The simulator does not answer. Trying again in ${seconds} s.`;
    this.#banner.replaceChildren(el("span", {}, words), button("Try now", { class: "quiet", onclick: again }));
  }

  #hide() {
    this.#banner.hidden = true;
    this.#banner.replaceChildren();
  }
}
