/* The simulator's control API, as the page needs it. Every request the page makes is made here.
 *
 * A request that got no answer raises `Unreachable`; one that was refused raises `Refused` with the
 * simulator's own words. A browser opens at most six connections to one server, so the long polls
 * of many phones take turns on a few of them and the rest stay free for sending.
 */

const POLLS_AT_ONCE = 3;
const WAIT_SECONDS = 25;
const CROWDED_WAIT_SECONDS = 1;

export class Unreachable extends Error {}

export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function call(path, { method = "GET", json, form, signal } = {}) {
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  let response;
  try {
    response = await fetch(path, { method, headers, body, signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(error.message);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, refusal(answer, response));
  return answer;
}

function refusal(answer, response) {
  return String(answer.description ?? answer.error ?? answer.detail ?? `${response.status} ${response.statusText}`);
}

const post = (path, json) => call(path, { method: "POST", json });
const chat = (id) => `/sim/chats/${encodeURIComponent(id)}`;

export const people = async () => (await call("/sim/people")).people;
export const addPerson = (name, language_code) => post("/sim/people", { name, language_code });
export const sendText = (id, text) => post(`${chat(id)}/messages`, { text });
export const sendPlace = (id, location) => post(`${chat(id)}/messages`, { location });
export const edit = (id, message, text) => post(`${chat(id)}/messages`, { edit: message, text });
export const tap = (id, message_id, data) => post(`${chat(id)}/taps`, { message_id, data });
export const clock = () => call("/sim/clock");
export const letTimePass = (advance_seconds) => post("/sim/clock", { advance_seconds });
export const block = (id) => post(`${chat(id)}/block`, {});
export const unblock = (id) => post(`${chat(id)}/unblock`, {});

/** Send a file as `kind`: photo, voice, audio, video or document. */
export function sendFile(id, kind, file, caption = "") {
  const form = new FormData();
  form.append(kind, file, file.name);
  if (caption) form.append("caption", caption);
  return call(`${chat(id)}/messages`, { method: "POST", form });
}

const waiting = [];
let polling = 0;

/** Return the chat as soon as it is newer than `after`, or as it is when the wait is over. */
export async function chatAfter(id, after, signal) {
  await turn();
  try {
    const wait = waiting.length > 0 ? CROWDED_WAIT_SECONDS : WAIT_SECONDS;
    const since = after === null ? "" : `?after=${after}&wait=${wait}`;
    return await call(`${chat(id)}${since}`, { signal });
  } finally {
    polling -= 1;
    waiting.shift()?.();
  }
}

async function turn() {
  while (polling >= POLLS_AT_ONCE) await new Promise((resolve) => waiting.push(resolve));
  polling += 1;
}
