/* What a message carries besides words: pictures, sounds, films, files. */

import { el } from "./dom.js";
import { icon } from "./icons.js";

export const KINDS = ["photo", "voice", "audio", "video", "animation", "video_note", "sticker", "document"];

/** Return the element for the message's file, or null when it has none. */
export function attached(message) {
  const kind = KINDS.find((name) => message[name]);
  if (!kind) return null;
  const file = message[kind];
  const url = ownAddress(file.url);
  return url ? SHOWN[kind](url, file) : el("p", { class: "gone" }, "This file is not here any more.");
}

/* Files come from the simulator itself; an address anywhere else is not followed. */
function ownAddress(address) {
  const url = new URL(address ?? "", location.href);
  return address && url.origin === location.origin ? url.href : null;
}

const SHOWN = {
  photo(url, { width, height }) {
    const image = el("img", { src: url, alt: "Photo", width, height });
    return el("a", { class: "photo", href: url, target: "_blank", rel: "noopener" }, image);
  },
  voice(url) {
    return player(url, "Voice message");
  },
  audio(url, { file_name, title }) {
    return player(url, title ?? file_name ?? "Sound");
  },
  video(url) {
    return el("video", { src: url, controls: true, preload: "metadata", "aria-label": "Film" });
  },
  animation(url, file) {
    return file.mime_type?.startsWith("image/") ? SHOWN.photo(url, file) : SHOWN.video(url);
  },
  video_note(url) {
    return SHOWN.video(url);
  },
  sticker(_url, { emoji }) {
    return el("p", { class: "sticker", role: "img", "aria-label": "Sticker" }, emoji ?? "Sticker");
  },
  document(url, { file_name, file_size }) {
    const name = el("span", { class: "file-name", dir: "auto" }, file_name ?? "File");
    const size = file_size ? el("span", { class: "file-size" }, readableSize(file_size)) : null;
    return el("a", { class: "file", href: url, download: file_name ?? "" }, icon("file"), name, size);
  },
};

function player(url, label) {
  return el("audio", { src: url, controls: true, preload: "metadata", "aria-label": label });
}

/** Write a size in bytes for people. */
export function readableSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
