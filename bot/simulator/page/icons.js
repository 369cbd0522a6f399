/* The page's few drawings: 24 by 24, one line, in the colour of the text around them. */

import { svg } from "./dom.js";

const PATHS = {
  attach: "M20 11.5 12.4 19a5 5 0 0 1-7-7l8-8a3.3 3.3 0 0 1 4.7 4.7l-8 8a1.7 1.7 0 0 1-2.4-2.4l7.3-7.3",
  send: "M4.5 12 20 4.8 15.6 20l-4-6.2L4.5 12Zm7.1 1.8L20 4.8",
  microphone: "M12 3.5a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0v-5a3 3 0 0 0-3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  place: "M12 21s-6.5-5.6-6.5-11a6.5 6.5 0 0 1 13 0c0 5.4-6.5 11-6.5 11Zm0-8.7a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
  picture: "M4 5.5h16v13H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
  sound: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3",
  file: "M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12.5h6M9 16h6",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5 10 17.5 19 7",
  pencil: "M5 19l1-4L16.5 4.5l3 3L9 18l-4 1ZM14.5 6.5l3 3",
  more: "M12 5.5h.01M12 12h.01M12 18.5h.01",
  down: "M12 5v14M6 13l6 6 6-6",
  people: "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11Zm-6 8.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M16 5a3 3 0 0 1 0 5.8M17.5 14.4c2.1.7 3.5 2.6 3.5 5.1",
  add: "M12 5v14M5 12h14",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7v5.2l3.3 2",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M5.3 18.7 7 17M17 7l1.7-1.7",
  moon: "M19.5 14.2A8 8 0 1 1 9.8 4.5a6.3 6.3 0 0 0 9.7 9.7Z",
  keys: "M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8",
  stop: "M7 7h10v10H7z",
  link: "M8 16 16 8M9.5 7.5H16.5V14.5",
};

/** Draw an icon by its name. It says nothing by itself: what carries it has the words. */
export function icon(name) {
  const shape = svg("path", { d: PATHS[name], "stroke-width": name === "more" ? 3 : null });
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, shape);
}

const CROWN = "M1.8 9.6C3.6 5.4 7.6 3.4 12 3.4s8.4 2 10.2 6.2c-2.9 1-6.1 1.2-9 1L12.9 15.5h-1.8l-.3-4.9c-2.9.2-6.1 0-9-1Z";
const SEATS = [[3.6, 15.6], [7.2, 18.8], [12, 20], [16.8, 18.8], [20.4, 15.6]];

/** Draw the mark: people in a half circle, in the shade of an acacia. */
export function mark() {
  const people = SEATS.map(([cx, cy]) => svg("circle", { cx, cy, r: "1.45" }));
  return svg("svg", { class: "mark", viewBox: "0 0 24 24", fill: "currentColor", "aria-hidden": "true" }, svg("path", { d: CROWN }), ...people);
}
