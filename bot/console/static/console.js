// The console's keyboard, its marking of words and pictures, and coming in from Telegram.
//
// Every page works without this file. A key stands in the page beside what it does (`data-key`), so
// that what the overlay lists is what the keys do. A key is a letter of the keyboard's own layout,
// or, where that writes other letters (Arabic, say), the key at its place.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);

const isWriting = element => element.matches("input:not([type=checkbox]), textarea, select");

// Keys

const keyOf = event => {
  if (event.key.length > 1 || /[!-~]/.test(event.key)) return event.key.length > 1 ? event.key : event.key.toLowerCase();
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
};

const does = {
  down: () => step(1),
  up: () => step(-1),
  open: () => one("a.open", line())?.click(),
  tick: () => one("input[type=checkbox]", line())?.click(),
  line: () => toggle(one("details[data-line-key]", line())),
  redact: () => one(".redact button:not([hidden])")?.click(),
};

function line() {
  return document.activeElement.closest("[data-line]") ?? document.createElement("div");
}

function step(by) {
  const lines = all("[data-line]");
  const at = lines.indexOf(document.activeElement.closest("[data-line]"));
  const next = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + by))];
  if (!next) return;
  const target = one("a.open", next) ?? next;
  target.focus();
  target.scrollIntoView({ block: "center" });
}

function toggle(details) {
  if (!details) return;
  details.open = !details.open;
  if (details.open) settle(details);
  else one("summary", details).focus();
}

function press(element) {
  if (element.dataset.does) does[element.dataset.does]();
  else if (element.dataset.opens) showKeys();
  else if (element.matches("details")) toggle(element);
  else if (isWriting(element)) element.focus();
  else element.click();
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const dialog = one("dialog[open]");
  if (event.key === "Escape") {
    const open = document.activeElement.closest("details[open]") ?? one(".acts details[open]");
    if (dialog) return;
    if (open) toggle(open);
    else document.activeElement.blur();
    if (open || !one('[data-key="Escape"]')) return;
  }
  if (dialog || (isWriting(document.activeElement) && event.key !== "Escape")) return;
  const wanted = keyOf(event);
  if (wanted === "Enter" && document.activeElement.matches("a, button, summary, input")) return;
  const element = all("[data-key]").find(each => each.dataset.key === wanted);
  if (!element) return;
  event.preventDefault();
  press(element);
});

// A panel that opens takes the focus; of several, one is open. A key settles its panel at once, for
// the browser tells of the opening later than a quick hand writes.

function settle(details) {
  for (const other of all("details[open]")) if (other !== details) other.open = false;
  if (details.contains(document.activeElement) && isWriting(document.activeElement)) return;
  const row = details.closest(".line");
  details.dispatchEvent(new Event("settle"));
  const part = details.matches(".blacken") && one(".veil", row);
  (part || one("select, input:not([type=hidden]), textarea, form button", details))?.focus();
  row?.classList.add("drawing");
}

for (const details of all("details")) {
  details.addEventListener("toggle", () => details.open && settle(details));
}

// What a key does stands beside it, and all of them in an overlay.

for (const element of all("[data-key]")) {
  const shown = element.matches("details") ? one("summary", element) : element;
  if (!shown.matches("button, a.button, summary") || element.dataset.key.length > 1) continue;
  if (element.dataset.opens) continue;
  const key = document.createElement("kbd");
  key.className = "beside";
  key.textContent = element.dataset.key;
  key.ariaHidden = "true";
  shown.append(key);
}

const nameOf = element => {
  if (element.matches("details")) return nameOf(one("summary", element));
  if (element.ariaLabel) return element.ariaLabel;
  if (isWriting(element)) return element.labels?.[0]?.firstChild?.textContent.trim() || element.placeholder;
  return [...element.childNodes].filter(node => node.nodeName !== "KBD").map(node => node.textContent).join("").trim();
};

function showKeys() {
  const dialog = one("#keys");
  one("dl", dialog).replaceChildren(...all("[data-key]").map(element => {
    const row = document.createElement("div");
    const key = document.createElement("kbd");
    const words = document.createElement("dd");
    key.textContent = element.dataset.key;
    words.textContent = nameOf(element);
    row.append(key, words);
    return row;
  }));
  dialog.showModal();
}

for (const button of all("[data-opens]")) button.addEventListener("click", showKeys);
for (const button of all("[data-closes]")) button.addEventListener("click", () => one(`#${button.dataset.closes}`).close());

// Words that are marked in an answer can be blacked out. Places are counted in characters as the
// server counts them; a sign that turns the direction of writing is one, however it is shown.

const lengthOf = node => {
  if (node.nodeType === Node.TEXT_NODE) return [...node.data].length;
  if (node.dataset?.sign) return 1;
  return [...node.childNodes].reduce((sum, child) => sum + lengthOf(child), 0);
};

function placeIn(words, node, offset) {
  if (node === words) return [...words.childNodes].slice(0, offset).reduce((sum, child) => sum + lengthOf(child), 0);
  let at = 0;
  for (const child of words.childNodes) {
    if (child === node) return at + [...node.data.slice(0, offset)].length;
    if (child.contains(node)) return at + (offset ? 1 : 0);
    at += lengthOf(child);
  }
  return at;
}

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const words = selection.anchorNode?.parentElement?.closest(".words");
  for (const button of all(".redact button")) button.hidden = true;
  if (!words || selection.isCollapsed || !words.contains(selection.focusNode)) return;
  const form = one(".redact", words.closest(".line"));
  if (!form) return;
  const range = selection.getRangeAt(0);
  form.elements.start.value = placeIn(words, range.startContainer, range.startOffset);
  form.elements.end.value = placeIn(words, range.endContainer, range.endOffset);
  one("button", form).hidden = false;
});

// Parts of a picture are drawn on it while its panel is open, each a row of four boxes in the panel.
// The arrow keys move the part that has the focus; with Shift they make it larger or smaller.

const EDGES = ["left", "top", "right", "bottom"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PARTS_MAX = 40;
const SMALLEST = 0.5;

const edgesOf = part => EDGES.map(edge => Number(one(`[name=${edge}]`, part).value));
const within = value => Math.max(0, Math.min(100, value));

function setEdges(part, edges) {
  EDGES.forEach((edge, index) => { one(`[name=${edge}]`, part).value = edges[index].toFixed(1); });
  part.closest("form").dispatchEvent(new Event("input"));
}

// Move a rectangle, or its right and lower edges alone, and keep all of it in the picture.
function pushed([left, top, right, bottom], [across, down], alone) {
  if (alone) return [left, top, Math.max(left + SMALLEST, within(right + across)), Math.max(top + SMALLEST, within(bottom + down))];
  const x = Math.max(-left, Math.min(100 - right, across));
  const y = Math.max(-top, Math.min(100 - bottom, down));
  return [left + x, top + y, right + x, bottom + y];
}

for (const panel of all(".blacken")) {
  const picture = one(".picture", panel.closest(".line"));
  if (!picture) continue;
  const form = one("form", panel);
  const another = one(".another", form);
  const parts = () => all(".part", form);
  let untouched = true;

  const show = () => {
    for (const veil of all(".veil", picture)) if (!panel.open || !parts().includes(veil.shows)) veil.remove();
    if (!panel.open) return;
    for (const part of parts()) {
      const [left, top, right, bottom] = edgesOf(part);
      Object.assign(veilOf(part).style, { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` });
      one(".without", part).hidden = parts().length < 2;
    }
    another.hidden = parts().length >= PARTS_MAX;
  };

  const veilOf = part => {
    const known = all(".veil", picture).find(each => each.shows === part);
    if (known) return known;
    const veil = document.createElement("span");
    Object.assign(veil, { className: "veil", tabIndex: 0, role: "img", ariaLabel: part.getAttribute("aria-label"), shows: part });
    veil.addEventListener("keydown", event => {
      if (!(event.key in ARROWS)) return;
      event.preventDefault();
      untouched = false;
      setEdges(part, pushed(edgesOf(part), ARROWS[event.key], event.shiftKey));
    });
    picture.append(veil);
    return veil;
  };

  const added = () => {
    const part = parts()[0].cloneNode(true);
    parts().at(-1).after(part);
    setEdges(part, [30, 30, 70, 70]);
    return part;
  };

  form.addEventListener("input", show);
  form.addEventListener("click", event => {
    if (event.target === another) veilOf(added()).focus();
    if (!event.target.matches(".without") || parts().length < 2) return;
    event.target.closest(".part").remove();
    show();
    another.focus();
  });
  for (const shown of ["settle", "toggle"]) panel.addEventListener(shown, show);

  let drawn = null;
  let from = null;
  const at = event => {
    const box = picture.getBoundingClientRect();
    const share = (value, start, length) => within((value - start) / length * 100);
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  };
  picture.addEventListener("pointerdown", event => {
    if (!panel.open || parts().length >= PARTS_MAX) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    from = at(event);
  });
  picture.addEventListener("pointermove", event => {
    if (!from) return;
    const to = at(event);
    const edges = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
    if (edges[2] - edges[0] < SMALLEST || edges[3] - edges[1] < SMALLEST) return;
    drawn ??= untouched ? parts()[0] : added();
    untouched = false;
    setEdges(drawn, edges);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    picture.addEventListener(end, () => {
      if (drawn) veilOf(drawn).focus();
      from = drawn = null;
    });
  }
}

// Telegram hands a Mini App what it signed in the address, behind the #; no script of its is needed.

const app = one("#app");
if (app) {
  const signed = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
  app.elements.framed.value = window.top === window ? "" : "1";
  if (signed) {
    app.elements.init_data.value = signed;
    history.replaceState(null, "", location.pathname);
    app.submit();
  }
}

// The list begins at its first line, so that the first key pressed is already a decision.
if (one("[data-list]") && document.activeElement === document.body) one("a.open")?.focus();
