/* Recording a voice message with the device's microphone, where the browser can. */

import { button, el } from "./dom.js";
import { icon } from "./icons.js";

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const LONGEST_SECONDS = 600;

/** Whether this browser can record at all. */
export function canRecord() {
  return Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia);
}

/** Record until stopped; `strip` shows the time. Resolves with a File, or null when given up. */
export async function record(strip) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const kept = await untilStopped(recorder, strip);
  for (const track of stream.getTracks()) track.stop();
  return kept ? asFile(parts, recorder.mimeType) : null;
}

function untilStopped(recorder, strip) {
  return new Promise((resolve) => {
    let kept = false;
    const finish = (keep) => {
      kept = keep;
      if (recorder.state !== "inactive") recorder.stop();
    };
    const clock = showTime(strip, finish);
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      strip.hidden = true;
      strip.replaceChildren();
      resolve(kept);
    });
    recorder.start();
  });
}

function showTime(strip, finish) {
  const began = Date.now();
  const time = el("span", { class: "elapsed", role: "timer" }, "0:00");
  const done = button("Send this recording", { class: "round strong", onclick: () => finish(true) }, icon("send"));
  const drop = button("Throw this recording away", { class: "round", onclick: () => finish(false) }, icon("close"));
  strip.replaceChildren(el("span", { class: "recording" }, "Recording"), time, drop, done);
  strip.hidden = false;
  strip.onkeydown = (event) => event.key === "Escape" && finish(false);
  done.focus();
  return setInterval(() => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= LONGEST_SECONDS) finish(true);
  }, 250);
}

function asFile(parts, mimeType) {
  const type = mimeType.split(";")[0];
  const ending = { "audio/ogg": "ogg", "audio/webm": "webm", "audio/mp4": "m4a" }[type] ?? "bin";
  return new File(parts, `voice.${ending}`, { type });
}
