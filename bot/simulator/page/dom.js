/* Building elements without ever parsing markup.
 *
 * Everything a person or the bot wrote reaches the page as text nodes made here, so nothing in a
 * message can become an element, an attribute or a script.
 */

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `on…` properties are listeners, false, null and undefined are left out. */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Make an SVG element, in the same way. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Make a button that never submits by accident and is always named. */
export function button(label, properties = {}, ...children) {
  const { type = "button", ...rest } = properties;
  const named = children.length > 0 ? { "aria-label": label, title: label } : {};
  return el("button", { type, ...named, ...rest }, ...(children.length > 0 ? children : [label]));
}

/** Words for those who listen to the page. */
export function spoken(text) {
  return el("span", { class: "spoken" }, text);
}

/** Whether a key event is a plain key, without a modifier that the browser may want. */
export function plainKey(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
}
