/* Formatted text: Telegram's message entities become elements, by splitting the text.
 *
 * Offsets and lengths are UTF-16 code units, which is what JavaScript's strings count in. Entities
 * nest; where two cross over, as no honest server sends them, the later one is cut at the border.
 */

import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const NAMED = new Set(["mention", "text_mention", "hashtag", "cashtag", "email", "phone_number"]);
const LINK_SCHEMES = new Set(["http:", "https:", "tg:"]);

/** Return the text as a fragment; `onCommand(text)` is called when a bot command is pressed. */
export function formatted(text, entities, { onCommand } = {}) {
  const ordered = (entities ?? [])
    .filter(({ offset, length }) => offset >= 0 && length > 0 && offset < text.length)
    .map((entity) => ({ ...entity, end: Math.min(entity.offset + entity.length, text.length) }))
    .sort((one, other) => one.offset - other.offset || other.end - one.end);
  const fragment = document.createDocumentFragment();
  fragment.append(...stretch(text, 0, text.length, ordered, onCommand));
  return fragment;
}

/* The nodes for text[start, end), given the entities that begin in it, outermost first. */
function stretch(text, start, end, entities, onCommand) {
  const nodes = [];
  let at = start;
  for (let index = 0; index < entities.length; ) {
    const entity = entities[index];
    const begin = Math.max(entity.offset, at);
    const close = Math.min(entity.end, end);
    if (begin > at) nodes.push(text.slice(at, begin));
    let next = index + 1;
    while (next < entities.length && entities[next].offset < close) next += 1;
    const inner = stretch(text, begin, close, entities.slice(index + 1, next), onCommand);
    if (close > begin) nodes.push(dressed(entity, text.slice(begin, close), inner, onCommand));
    at = Math.max(at, close);
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
    index = next;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

/* One entity's element around its already dressed content. */
function dressed(entity, covered, content, onCommand) {
  const tag = TAGS[entity.type];
  if (tag) return el(tag, { class: BLOCKS.has(entity.type) ? "block" : null, dir: tag === "blockquote" ? "auto" : null }, ...content);
  switch (entity.type) {
    case "text_link":
      return link(entity.url, content);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(covered) ? covered : `https://${covered}`, content);
    case "spoiler":
      return spoiler(content);
    case "bot_command":
      return onCommand ? command(covered, content, onCommand) : el("span", {}, ...content);
    default:
      return el("span", { class: NAMED.has(entity.type) ? "mention" : null }, ...content);
  }
}

/* A link, when its address is one that a person may safely open; else only its words. */
function link(address, content) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, ...content);
  }
  if (!LINK_SCHEMES.has(url.protocol)) return el("span", {}, ...content);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...content);
}

function spoiler(content) {
  const hidden = el("button", { type: "button", class: "spoiler", "aria-label": "Hidden text: press to show" });
  const covered = el("span", { "aria-hidden": "true" }, ...content);
  hidden.append(covered);
  hidden.addEventListener("click", () => hidden.replaceWith(...covered.childNodes), { once: true });
  return hidden;
}

/* A span, because a button would not let the line break as text does: its full stop would fall. */
function command(covered, content, onCommand) {
  const press = () => onCommand(covered);
  const pressed = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    press();
  };
  return el("span", { role: "button", tabindex: "0", class: "command", onclick: press, onkeydown: pressed }, ...content);
}
