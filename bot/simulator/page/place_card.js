/* A shared place, drawn as a small sheet of the world's grid with a pin: no map is downloaded. */

import { el, svg } from "./dom.js";

const WIDTH = 240;
const HEIGHT = 96;

/** Show where a place is; the link opens a real map, for those who want one. */
export function placeCard({ latitude, longitude }) {
  const words = `${degrees(latitude, "N", "S")}, ${degrees(longitude, "E", "W")}`;
  const query = `mlat=${latitude}&mlon=${longitude}#map=13/${latitude}/${longitude}`;
  const link = { href: `https://www.openstreetmap.org/?${query}`, target: "_blank", rel: "noopener noreferrer" };
  return el(
    "figure",
    { class: "place" },
    sheet(latitude, longitude),
    el("figcaption", { dir: "ltr" }, el("span", {}, words), el("a", link, "Open a map")),
  );
}

/** Write degrees as people read them: 1.2921° S. */
export function degrees(value, positive, negative) {
  return `${Math.abs(value).toFixed(4)}° ${value < 0 ? negative : positive}`;
}

function sheet(latitude, longitude) {
  const x = (longitude * WIDTH) / 360 + WIDTH / 2;
  const y = HEIGHT / 2 - (latitude * HEIGHT) / 180;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Shared place" },
    ...lines(),
    svg("circle", { cx: x, cy: y, r: 9, class: "halo" }),
    svg("circle", { cx: x, cy: y, r: 3.5, class: "pin" }),
  );
}

function lines() {
  const drawn = [];
  for (let x = 0; x <= WIDTH; x += 20) drawn.push([x, 0, x, HEIGHT, x === WIDTH / 2]);
  for (let y = 0; y <= HEIGHT; y += 16) drawn.push([0, y, WIDTH, y, y === HEIGHT / 2]);
  return drawn.map(([x1, y1, x2, y2, main]) => svg("line", { x1, y1, x2, y2, class: main ? "main" : null }));
}
