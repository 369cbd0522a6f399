/* A button that opens a small panel: arrows move in it, Escape and a press elsewhere close it. */

import { el } from "./dom.js";

/** Tie `panel` to `opener`; `onOpen` may fill the panel first. Returns the closing function. */
export function openedBy(opener, panel, onOpen = () => {}) {
  const toggle = (open) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  };
  const close = (refocus) => {
    if (panel.hidden) return;
    toggle(false);
    if (refocus) opener.focus();
  };
  opener.setAttribute("aria-haspopup", "true");
  toggle(false);
  opener.addEventListener("click", async () => {
    if (!panel.hidden) return close(true);
    await onOpen();
    toggle(true);
    stopsIn(panel)[0]?.focus();
  });
  panel.addEventListener("keydown", (event) => onKey(event, panel, close));
  document.addEventListener("pointerdown", ({ target }) => {
    if (!panel.contains(target) && !opener.contains(target)) close(false);
  });
  panel.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !panel.contains(relatedTarget) && relatedTarget !== opener) close(false);
  });
  return close;
}

/** A panel with `entries` of {label, icon, act}; null entries are left out. */
export function menuPanel(label, entries) {
  return el("div", { class: "menu", role: "menu", "aria-label": label }, ...entries);
}

/** One entry of a menu. */
export function menuItem(label, picture, act, properties = {}) {
  return el("button", { type: "button", role: "menuitem", onclick: act, ...properties }, picture, el("span", {}, label));
}

const stopsIn = (panel) => [...panel.querySelectorAll("button:not([disabled]), input, a")];

function onKey(event, panel, close) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key === "Escape") {
    event.stopPropagation();
    close(true);
  } else if (event.key in steps) {
    const stops = stopsIn(panel);
    const next = stops.indexOf(document.activeElement) + steps[event.key];
    stops.at(next % stops.length)?.focus();
    event.preventDefault();
  }
}
