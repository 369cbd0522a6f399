/* The people of the simulator, and their groups, and which of them lie open on this page.
 *
 * The simulator keeps the people; this browser remembers whose phones lie open, and brings its
 * people back to a simulator that started again.
 */

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { GroupPhone, askForGroup } from "./group.js";
import { icon } from "./icons.js";
import { CLOTHS } from "./kanga.js";
import { autonym, freshName, languages, likelyLanguage } from "./languages.js";
import { menuItem, menuPanel, openedBy } from "./menu.js";
import { forget, remember, remembered } from "./memory.js";
import { Phone } from "./phone.js";

const KEPT_AS = "baraza.phones";
const OPEN_AT_FIRST = 3;

export class People {
  #connection;
  #known = [];
  #groups = [];
  #gathering = null;
  #phones = new Map();
  #tabs = new Map();

  /** `table` takes the phones, `strip` the names by which a narrow screen goes to them. */
  constructor(connection, table, strip) {
    this.#connection = connection;
    this.table = table;
    this.strip = strip;
  }

  /** Begin as soon as the simulator answers, however long that takes. */
  async begin() {
    for (;;) {
      try {
        await this.#restore();
        return this.#connection.answered();
      } catch (error) {
        console.warn("The simulator did not answer as expected:", error);
        await this.#connection.lost();
      }
    }
  }

  /* Open the phones that were open last time; the first visit makes a first person. */
  async #restore() {
    await this.#gather();
    if (this.#known.length === 0) return this.add(freshName(likelyLanguage(), new Set()), likelyLanguage());
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null");
    const there = new Set([...this.#known, ...this.#groups].map(({ id }) => id));
    const still = kept?.filter((id) => there.has(id)) ?? [];
    const ids = still.length > 0 ? still : this.#known.slice(0, OPEN_AT_FIRST).map(({ id }) => id);
    for (const id of ids) this.open(id);
    this.#phones.get(ids[0])?.element.focus({ preventScroll: true });
  }

  /** Let a new person into the simulator and open their phone. */
  async add(name, language) {
    const { id } = await api.addPerson(name, language);
    await this.#learn();
    this.open(id);
    this.goTo(id);
  }

  /** Open a person's phone beside the others. */
  open(id) {
    const place = this.#known.findIndex((person) => person.id === id);
    const group = this.#groups.find((one) => one.id === id);
    if ((place < 0 && !group) || this.#phones.has(id)) return;
    const acts = { close: () => this.putAway(id), gone: () => this.#gone(id), neighbour: (step) => this.#neighbour(id, step), seen: remember, unread: (count) => this.#unread(id, count) };
    const cloth = (group ? CLOTHS - 1 - this.#groups.indexOf(group) + CLOTHS * this.#groups.length : place) % CLOTHS;
    if (!group) remember(this.#known[place]);
    const phone = group
      ? new GroupPhone(group, cloth, (member) => this.#nameOf(member), this.#connection, acts)
      : new Phone(this.#known[place], cloth, this.#connection, acts);
    this.#phones.set(id, phone);
    this.table.append(phone.element);
    this.#addTab(phone, cloth);
    this.#changed();
  }

  #nameOf(id) {
    return this.#known.find((person) => person.id === id)?.name ?? String(id);
  }

  /** Close a person's phone; the person stays. */
  putAway(id) {
    this.#phones.get(id)?.close();
    this.#tabs.get(id)?.remove();
    this.#phones.delete(id);
    this.#tabs.delete(id);
    this.#changed();
  }

  /** Bring a phone into view and put the focus in it. */
  goTo(id) {
    const phone = this.#phones.get(id);
    if (!phone) return false;
    phone.element.scrollIntoView({ block: "nearest", inline: "center" });
    phone.focus();
    return true;
  }

  /** The control in the bar: who is there, and one more. */
  control() {
    const panel = menuPanel("People", []);
    const opener = button("People", { class: "quiet people" }, icon("people"), el("span", { class: "words" }, "People"));
    const close = openedBy(opener, panel, async () => panel.replaceChildren(...(await this.#entries(() => close(false)))));
    return el("div", { class: "holder" }, opener, panel);
  }

  /** The button that adds a person. */
  addButton() {
    return button("Add a person", { class: "strong add", onclick: () => this.#askForPerson() }, icon("add"), el("span", { class: "words" }, "Add a person"));
  }

  /** Look again at every open chat, now. */
  askAgain() {
    for (const { chat } of this.#phones.values()) chat.askAgain();
  }

  /* A person whom the simulator does not know any more comes back to the phone as it lies there;
   * who cannot come back loses it, and without any phone the page begins anew. */
  async #gone(id) {
    try {
      await this.#gather();
    } catch (error) {
      console.warn("The people could not come back yet:", error);
      return this.#connection.lost();
    }
    if ([...this.#known, ...this.#groups].some((one) => one.id === id)) return;
    this.putAway(id);
    if (this.#phones.size === 0) this.begin();
  }

  /* Learn who is there once those whom a restart left behind are back; many may ask, one does it. */
  #gather() {
    this.#gathering ??= this.#bringBack().finally(() => (this.#gathering = null));
    return this.#gathering;
  }

  async #bringBack() {
    await this.#learn();
    const there = new Set(this.#known.map(({ id }) => id));
    const missing = remembered().filter(({ id }) => !there.has(id));
    for (const person of missing) await comeBack(person);
    if (missing.length > 0) await this.#learn();
  }

  async #learn() {
    [this.#known, this.#groups] = await Promise.all([api.people(), api.groups()]);
  }

  async #entries(close) {
    await this.#learn().catch(() => {});
    const all = [...this.#known, ...this.#groups.map(({ id, title }) => ({ id, name: title }))];
    const entries = all.map(({ id, name }) => {
      const open = this.#phones.has(id);
      const act = () => {
        close();
        if (!open) this.open(id);
        this.goTo(id);
      };
      return menuItem(name, icon(open ? "check" : "add"), act, { dir: "auto" });
    });
    const make = () => {
      close();
      askForGroup(this.#known, (title, members) => this.#addGroup(title, members));
    };
    return [...entries, menuItem("Make a group", icon("people"), make, { class: "apart" })];
  }

  async #addGroup(title, members) {
    const { id } = await api.addGroup(title, members);
    await this.#learn();
    this.open(id);
    this.goTo(id);
  }

  #changed() {
    localStorage.setItem(KEPT_AS, JSON.stringify([...this.#phones.keys()]));
    this.table.dataset.phones = this.#phones.size;
    this.strip.hidden = this.#phones.size < 2;
    api.followed(this.#phones.size);
    this.askAgain();
  }

  #addTab(phone, cloth) {
    const { id, name } = phone.person;
    const tab = el("button", { type: "button", class: "tab", "data-cloth": cloth, onclick: () => this.goTo(id) }, el("span", { dir: "auto" }, name));
    this.#tabs.set(id, tab);
    this.strip.append(tab);
    const watch = new IntersectionObserver(([{ isIntersecting }]) => {
      tab.classList.toggle("shown", isIntersecting);
      if (isIntersecting) this.#unread(id, 0);
    }, { root: this.table, threshold: 0.6 });
    watch.observe(phone.element);
  }

  #unread(id, count) {
    const tab = this.#tabs.get(id);
    tab?.classList.toggle("unread", count > 0 && !tab.classList.contains("shown"));
  }

  #neighbour(id, step) {
    const ids = [...this.#phones.keys()];
    return this.goTo(ids[ids.indexOf(id) + step]);
  }

  #askForPerson() {
    const taken = new Set(this.#known.map(({ name }) => name));
    askForPerson(taken, (name, language) => this.add(name, language));
  }
}

/* Let a remembered person in again. Another window may have been quicker (409); who is refused for
 * another reason is forgotten. */
async function comeBack(person) {
  try {
    await api.bringBack(person);
  } catch (error) {
    if (!(error instanceof api.Refused) || error.status >= 500) throw error;
    if (error.status !== 409) forget(person.id);
  }
}

/* The dialog for a new person: a name that is already filled in, and a language. */
function askForPerson(taken, add) {
  const language = el("select", { name: "language" }, ...languages.map((tag) => el("option", { value: tag, lang: tag }, autonym(tag))));
  const name = el("input", { name: "name", required: true, maxlength: "64", dir: "auto", autocomplete: "off", value: freshName(languages[0], taken) });
  let typed = false;
  name.addEventListener("input", () => (typed = true));
  language.addEventListener("change", () => typed || (name.value = freshName(language.value, taken)));
  const note = el("p", { class: "note", role: "status" });
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": "person-title" });
  const form = el(
    "form",
    {},
    el("h2", { id: "person-title" }, "Add a person"),
    el("div", { class: "pair" }, el("label", {}, el("span", {}, "Name"), name), el("label", {}, el("span", {}, "Phone’s language"), language)),
    note,
    el("div", { class: "ends" }, button("Cancel", { class: "quiet", onclick: () => dialog.close() }), button("Add", { class: "strong", type: "submit" })),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      dialog.close();
      await add(name.value.trim(), language.value);
    } catch (error) {
      document.body.append(dialog);
      dialog.showModal();
      note.textContent = `Nobody was added. ${error.message}`;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  name.select();
}
