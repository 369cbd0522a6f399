/* Each person's own cloth: a colour and the woven border at the head of their phone.
 *
 * A kanga is the printed cloth of the East African coast; its border, the pindo, runs all around.
 * The colours themselves stand in style.css, by number, so that light and dark both keep contrast.
 */

import { svg } from "./dom.js";

export const CLOTHS = 6;
const WIDTH = 24;
const HEIGHT = 12;

/* One motif a cloth, drawn on a field of 24 by 12: [shape, attributes], `soft` is the second tone. */
const MOTIFS = [
  [["path", { d: "M0 12 6 2l6 10zM12 12l6-10 6 10z" }], ["path", { class: "soft", d: "M9 0h6l-3 5z" }]],
  [["path", { d: "M12 1l5 5-5 5-5-5z" }], ["path", { class: "soft", d: "M0 1l5 5-5 5zM24 1l-5 5 5 5z" }]],
  [["circle", { cx: 12, cy: 6, r: 4.2 }], ["circle", { class: "soft", cx: 0, cy: 6, r: 2.4 }], ["circle", { class: "soft", cx: 24, cy: 6, r: 2.4 }]],
  [["path", { d: "M0 10 6 3l6 7 6-7 6 7V7L18 0l-6 7-6-7-6 7z" }], ["circle", { class: "soft", cx: 12, cy: 2, r: 1.6 }]],
  [["path", { d: "M3 2h8v8H3z" }], ["path", { class: "soft", d: "M15 2h3v8h-3zM20 2h1.5v8H20z" }]],
  [["path", { d: "M4 6c0-5 8-5 8 0s8 5 8 0c0 7-8 7-8 0s-8-7-8 0z" }], ["circle", { class: "soft", cx: 1, cy: 6, r: 1.4 }], ["circle", { class: "soft", cx: 23, cy: 6, r: 1.4 }]],
];

/** Draw the border of cloth number `cloth`; `name` makes its pattern's id unique on the page. */
export function border(cloth, name) {
  const id = `cloth-${name}`;
  const shapes = MOTIFS[cloth].map(([tag, properties]) => svg(tag, properties));
  const pattern = svg("pattern", { id, width: WIDTH, height: HEIGHT, patternUnits: "userSpaceOnUse" }, ...shapes);
  const field = svg("rect", { width: "100%", height: HEIGHT, fill: `url(#${id})` });
  return svg("svg", { class: "cloth", width: "100%", height: HEIGHT, "aria-hidden": "true" }, svg("defs", {}, pattern), field);
}
