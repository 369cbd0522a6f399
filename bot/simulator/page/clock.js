/* The simulator's time, and letting it pass: what falls due then arrives in the chats. */

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { openedBy } from "./menu.js";

const HOUR_SECONDS = 3600;
const STEPS = [
  ["1 hour", HOUR_SECONDS],
  ["1 day", 24 * HOUR_SECONDS],
  ["2 weeks", 14 * 24 * HOUR_SECONDS],
];
const LOOK_AGAIN_MILLISECONDS = 20000;
const FORMAT = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** The control in the bar; `onPassed` is called after time was let pass. */
export function clockControl(onPassed) {
  const now = el("span", { class: "now" }, "Time");
  const opener = button("Let time pass", { class: "quiet clock" }, icon("clock"), now);
  const status = el("p", { class: "note", role: "status" }, "The days and times in its questions move with it.");
  const steps = STEPS.map(([words, seconds]) => button(words, { class: "chip", onclick: () => pass(words, seconds) }));
  const panel = el("div", { class: "menu clock-menu", role: "group", "aria-label": "Let time pass" }, el("h2", {}, "Let time pass"), el("div", { class: "chips" }, ...steps), status);
  openedBy(opener, panel);

  const show = (answer) => {
    now.textContent = FORMAT.format(timeIn(answer));
    opener.setAttribute("aria-label", `Let time pass. It is ${now.textContent}`);
  };
  const look = () => document.hidden || api.clock().then(show, () => {});
  const pass = async (words, seconds) => {
    try {
      show(await api.letTimePass(seconds));
      status.textContent = `${words} went by. It is ${now.textContent}.`;
      onPassed();
    } catch (error) {
      status.textContent = `Time did not pass. ${error.message}`;
    }
  };
  look();
  setInterval(look, LOOK_AGAIN_MILLISECONDS);
  return el("div", { class: "holder" }, opener, panel);
}

/* The simulator's clock tells seconds since 1970, or an ISO time. */
function timeIn({ now }) {
  return new Date(typeof now === "number" ? now * 1000 : now);
}
