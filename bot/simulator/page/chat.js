/* Following one chat: long polls that never crowd out what a person sends. */

import * as api from "./api.js";

const SHORTEST_ROUND_MILLISECONDS = 250;

export class Chat {
  #connection;
  #onState;
  #onGone;
  #polling = null;
  #version = null;
  #closed = false;
  #hurried = false;

  /** `onState` gets each new state of the chat, `onGone` is awaited when there is no such chat: it
   * brings the person back or closes this. */
  constructor(id, connection, onState, onGone) {
    this.id = id;
    this.#connection = connection;
    this.#onState = onState;
    this.#onGone = onGone;
  }

  /** Follow the chat until it is closed. */
  async follow() {
    while (!this.#closed) {
      await visible();
      const began = performance.now();
      const idle = await this.#round();
      const rest = SHORTEST_ROUND_MILLISECONDS - (performance.now() - began);
      if (idle && rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  /** End the wait under way and ask again at once. */
  askAgain() {
    this.#polling?.abort();
  }

  close() {
    this.#closed = true;
    this.askAgain();
  }

  /** Send something with `request`, having freed this chat's connection for it; then look. */
  async send(request) {
    this.askAgain();
    try {
      return await request();
    } finally {
      this.#hurried = true;
      this.askAgain();
    }
  }

  /* One poll; tell whether it was for nothing. One that was ended to look at once was not. */
  async #round() {
    this.#polling = new AbortController();
    const now = this.#hurried || this.#version === null;
    this.#hurried = false;
    try {
      const state = await this.#look(now, this.#polling.signal);
      this.#connection.answered();
      return !this.#take(state) && !now;
    } catch (error) {
      await this.#failed(error);
      return error.name !== "AbortError";
    }
  }

  #look(now, signal) {
    return now ? api.chatNow(this.id, signal) : api.chatAfter(this.id, this.#version, signal);
  }

  #take(state) {
    if (this.#closed || state.version === this.#version) return false;
    this.#version = state.version;
    this.#onState(state);
    return true;
  }

  async #failed(error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof api.Refused || error instanceof api.Unreachable)) throw error;
    this.#version = null;
    if (error.status === 404) await this.#onGone();
    else await this.#connection.lost();
  }
}

/* A page that nobody looks at asks for nothing. */
function visible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
}
