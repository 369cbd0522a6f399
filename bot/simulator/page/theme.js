/* Light or dark: the system's choice until the person makes one, which this browser remembers. */

import { button } from "./dom.js";
import { icon } from "./icons.js";

const KEPT_AS = "baraza.theme";
const root = document.documentElement;
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

/** Bring back the kept choice; called before anything is drawn. */
export function restoreTheme() {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
}

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);

/** The button that goes from light to dark and back. */
export function themeButton() {
  const toggle = button("Dark", { class: "round", onclick: () => choose(!isDark()) }, icon("moon"));
  const draw = () => {
    toggle.replaceChildren(icon(isDark() ? "sun" : "moon"));
    const words = isDark() ? "Use light colours" : "Use dark colours";
    toggle.setAttribute("aria-label", words);
    toggle.title = words;
  };
  const choose = (dark) => {
    root.dataset.theme = dark ? "dark" : "light";
    localStorage.setItem(KEPT_AS, root.dataset.theme);
    draw();
  };
  systemDark.addEventListener("change", draw);
  draw();
  return toggle;
}
