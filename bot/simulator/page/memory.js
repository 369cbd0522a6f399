/* Whom this browser remembers: everybody whose phone it has opened, as the simulator wrote them.
 *
 * A simulator that starts again has forgotten its people while the bot has not; with the same id
 * they can come back. The storage is read anew each time, because other windows write there too.
 */

const REMEMBERED_AS = "baraza.people";
const REMEMBERED_MAX = 50;

/** Return the people remembered, the oldest first; what is not a person is left out. */
export function remembered() {
  try {
    const people = JSON.parse(localStorage.getItem(REMEMBERED_AS) ?? "[]");
    return people.filter((one) => Number.isSafeInteger(one?.id));
  } catch {
    return [];
  }
}

/** Remember a person, or what has changed about them. */
export function remember({ id, name, language_code, username, started }) {
  const person = { id, name, language_code, username, started };
  const people = remembered();
  const place = people.findIndex((one) => one.id === id);
  if (place >= 0 && JSON.stringify(people[place]) === JSON.stringify(person)) return;
  if (place >= 0) people[place] = person;
  else people.push(person);
  keep(people);
}

/** Forget a person, whom the simulator will not have. */
export function forget(id) {
  keep(remembered().filter((one) => one.id !== id));
}

function keep(people) {
  localStorage.setItem(REMEMBERED_AS, JSON.stringify(people.slice(-REMEMBERED_MAX)));
}
