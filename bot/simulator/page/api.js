/* The simulator's control API, as the page needs it. Every request the page makes is made here.
 *
 * A request that got no answer raises `Unreachable`; one that was refused raises `Refused` with the
 * simulator's own words. A browser opens at most six connections to one server, so the long polls
 * of many phones take turns on a few of them and the rest stay free for sending.
 */

const POLLS_AT_ONCE = 4;
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
  const [response, words] = await exchange(path, { method, headers, body, signal, cache: "no-store" });
  const answer = read(words);
  if (!response.ok) throw new Refused(response.status, refusal(answer ?? {}, response));
  if (answer === null) throw new Unreachable("The answer was cut off.");
  return answer;
}

/* Send a request and take in the whole answer; giving up half-way stays an AbortError. */
async function exchange(path, options) {
  try {
    const response = await fetch(path, options);
    return [response, await response.text()];
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable("The simulator does not answer.", { cause: error });
  }
}

function read(words) {
  try {
    return JSON.parse(words);
  } catch {
    return null;
  }
}

function refusal(answer, response) {
  return String(answer.description ?? answer.error ?? answer.detail ?? `${response.status} ${response.statusText}`);
}

const post = (path, json) => call(path, { method: "POST", json });
const group = (id) => `/sim/groups/${encodeURIComponent(id)}`;
const chat = (id) => (id < 0 ? group(id) : `/sim/chats/${encodeURIComponent(id)}`);

export const groups = async () => (await call("/sim/groups")).groups;
export const addGroup = (title, members) => post("/sim/groups", { title, members, topics: true });
export const say = (id, by, text, topic) => post(group(id), topic ? { by, text, topic } : { by, text });
export const tapAs = (id, by, message_id, data) => post(group(id), { by, tap: message_id, data });
export const people = async () => (await call("/sim/people")).people;
export const addPerson = (name, language_code) => post("/sim/people", { name, language_code });
export const bringBack = (person) => post("/sim/people", person);
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

/** Return the chat as it is now; an id below zero is a group's. */
export const chatNow = (id, signal) => call(chat(id), { signal });

/** Return the chat as soon as it is newer than `after`, or as it is when the wait is over. */
export async function chatAfter(id, after, signal) {
  await turn(signal);
  try {
    const wait = waiting.length > 0 || crowded ? CROWDED_WAIT_SECONDS : WAIT_SECONDS;
    return await call(`${chat(id)}?after=${after}&wait=${wait}`, { signal });
  } finally {
    polling -= 1;
    waiting.shift()?.();
  }
}

/** Say how many chats are followed, so that long polls are short where they must take turns. */
export function followed(count) {
  crowded = count > POLLS_AT_ONCE;
}

const waiting = [];
let polling = 0;
let crowded = false;

/* Wait until fewer than POLLS_AT_ONCE polls are under way; an aborted wait leaves the queue. */
async function turn(signal) {
  while (polling >= POLLS_AT_ONCE) {
    await new Promise((resolve) => {
      waiting.push(resolve);
      signal.addEventListener("abort", () => leave(resolve), { once: true });
    });
    signal.throwIfAborted();
  }
  polling += 1;
}

function leave(resolve) {
  const place = waiting.indexOf(resolve);
  if (place >= 0) waiting.splice(place, 1);
  resolve();
}
