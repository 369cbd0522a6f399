/* The file a person is about to send: picked, dropped or pasted, shown above the box, sent by Enter. */

import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { readableSize } from "./media.js";

/** Which kind of message a file becomes, by its type. */
export function kindOf(file) {
  const [family] = file.type.split("/");
  return { image: "photo", audio: "audio", video: "video" }[family] ?? "document";
}

/** Ask the browser for a file; `accept` as in HTML. `onFile` is called when one was picked. */
export function pickFile(accept, onFile) {
  const input = el("input", { type: "file", accept, class: "spoken", tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", () => {
    if (input.files[0]) onFile(input.files[0]);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

/** The strip above the box that shows what will be sent. */
export class Outgoing {
  #address = null;
  #onDrop;

  constructor(onDrop) {
    this.#onDrop = onDrop;
    this.file = null;
    this.kind = null;
    this.element = el("div", { class: "strip outgoing", hidden: true });
  }

  /** Hold a file as `kind`, in place of any other. */
  hold(file, kind = kindOf(file)) {
    this.clear();
    Object.assign(this, { file, kind });
    const drop = () => {
      this.clear();
      this.#onDrop();
    };
    const about = el("span", { class: "about" }, el("b", { dir: "auto" }, file.name), ` ${readableSize(file.size)}`);
    const away = button("Do not send this file", { class: "round", onclick: drop }, icon("close"));
    this.element.replaceChildren(this.#preview(), about, away);
    this.element.hidden = false;
  }

  /** Let go of the file; return it with its kind, or null. */
  clear() {
    const held = this.file ? { file: this.file, kind: this.kind } : null;
    Object.assign(this, { file: null, kind: null });
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
    this.element.hidden = true;
    this.element.replaceChildren();
    return held;
  }

  #preview() {
    if (this.kind !== "photo") return icon(this.kind === "audio" ? "sound" : "file");
    this.#address = URL.createObjectURL(this.file);
    return el("img", { src: this.#address, alt: "" });
  }
}
