/* The dialog that asks which place to share: typed, picked from examples, or this device's own. */

import { button, el } from "./dom.js";
import { icon } from "./icons.js";

const EXAMPLES = [
  ["Maji Moto, Narok", -1.35, 35.72],
  ["Nairobi", -1.2921, 36.8219],
  ["Bogotá", 4.711, -74.0721],
];
const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;

/** Ask for a place; resolve with {latitude, longitude} in degrees, or null. */
export function askPlace() {
  return new Promise((resolve) => {
    const { dialog, latitude, longitude } = build();
    dialog.addEventListener("close", () => {
      dialog.remove();
      const chosen = dialog.returnValue === "share";
      resolve(chosen ? { latitude: Number(latitude.value), longitude: Number(longitude.value) } : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    latitude.focus();
  });
}

function build() {
  const latitude = degreeField("latitude", 90);
  const longitude = degreeField("longitude", 180);
  const fill = (north, east) => ([latitude.value, longitude.value] = [north, east]);
  latitude.addEventListener("paste", (event) => pastePair(event, fill));
  const note = el("p", { class: "note", role: "status" });
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": "place-title" });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "place-title" }, "Share a place"),
    el("div", { class: "pair" }, labelled("Latitude", latitude), labelled("Longitude", longitude)),
    el("div", { class: "chips" }, ...examples(fill), deviceChip(fill, note)),
    note,
    el("div", { class: "ends" }, button("Cancel", { class: "quiet", onclick: () => dialog.close("") }), button("Share", { class: "strong", type: "submit", value: "share" })),
  );
  dialog.append(form);
  return { dialog, latitude, longitude };
}

function degreeField(name, limit) {
  return el("input", { name, type: "number", step: "any", min: -limit, max: limit, required: true, inputmode: "decimal", autocomplete: "off" });
}

function labelled(words, field) {
  return el("label", {}, el("span", {}, words), field);
}

function pastePair(event, fill) {
  const pair = PAIR.exec(event.clipboardData.getData("text"));
  if (!pair) return;
  event.preventDefault();
  fill(pair[1], pair[2]);
}

function examples(fill) {
  return EXAMPLES.map(([name, north, east]) => button(name, { class: "chip", onclick: () => fill(north, east) }));
}

function deviceChip(fill, note) {
  if (!navigator.geolocation) return null;
  const found = ({ coords }) => {
    note.textContent = "";
    fill(coords.latitude.toFixed(6), coords.longitude.toFixed(6));
  };
  const failed = ({ message }) => (note.textContent = `This device gave no place: ${message || "it did not say why"}.`);
  const ask = () => {
    note.textContent = "Asking this device…";
    navigator.geolocation.getCurrentPosition(found, failed, { timeout: 15000 });
  };
  return el("button", { type: "button", class: "chip", onclick: ask }, icon("place"), "Use this device’s place");
}
