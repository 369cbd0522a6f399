/* Putting the page together: the bar, the table with its phones, and the first look at the simulator. */

import { clockControl } from "./clock.js";
import { Connection } from "./connection.js";
import { button } from "./dom.js";
import { watchHand } from "./hand.js";
import { icon, mark } from "./icons.js";
import { People } from "./people.js";
import { restoreTheme, themeButton } from "./theme.js";

restoreTheme();
watchHand();

const byId = (id) => document.getElementById(id);
const connection = new Connection(byId("connection"));
const people = new People(connection, byId("phones"), byId("names"));
const keys = byId("keys");

byId("mark").append(mark());
byId("tools").append(
  clockControl(() => people.askAgain()),
  people.control(),
  button("Keys", { class: "round", onclick: () => keys.showModal() }, icon("keys")),
  themeButton(),
  people.addButton(),
);

people.begin();
