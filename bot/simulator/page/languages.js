/* The languages a made-up person may have, by their own names, and names to go with them. */

const NAMES = {
  sw: ["Amina", "Baraka", "Neema", "Juma"],
  es: ["Lucía", "Andrés", "Valentina", "Mateo"],
  fr: ["Fatou", "Ousmane", "Aïssata", "Émile"],
  en: ["Grace", "Daniel", "Ruth", "Samuel"],
  ar: ["ليلى", "يوسف", "مريم", "عمر"],
};
const CHOICES = ["sw", "es", "fr", "en", "ar", "mas", "am", "so", "pt", "hi"];
const AUTONYMS = { mas: "Maa" };
const FIRST = "sw";

/** The language tags to choose from. */
export const languages = CHOICES;

/** Name a language in itself. */
export function autonym(tag) {
  if (AUTONYMS[tag]) return AUTONYMS[tag];
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag);
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return String(tag ?? "");
  }
}

/** The first of the browser's languages that the first person may have, else Swahili. */
export function likelyLanguage() {
  const own = navigator.languages.map((tag) => tag.split("-")[0]);
  return own.find((tag) => tag !== "en" && tag in NAMES) ?? FIRST;
}

/** A name that fits the language and is not `taken` yet. */
export function freshName(tag, taken) {
  const names = NAMES[tag] ?? NAMES.en;
  return names.find((name) => !taken.has(name)) ?? `${names[0]} ${taken.size + 1}`;
}
