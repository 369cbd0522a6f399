/* What the page is being used with: keys or a pointer. Hints for keys show only to who uses keys. */

const root = document.documentElement;
const finger = window.matchMedia("(pointer: coarse)");

/** Note from now on, as `data-hand` of the page, which of the two was used last. */
export function watchHand() {
  root.dataset.hand = "pointer";
  document.addEventListener("keydown", () => (root.dataset.hand = "keys"), true);
  document.addEventListener("pointerdown", () => (root.dataset.hand = "pointer"), true);
}

/** Whether the last thing that touched the page was a finger. */
export function underFinger() {
  return finger.matches && root.dataset.hand === "pointer";
}
