// @ts-check
/** Finding somebody in the directory, however their name is typed. Pure. */

/**
 * @typedef {{code: string, label: string, number: string, note: string}} Callable
 * @typedef {{heading: "found" | "favourites" | "used" | "all", people: Callable[]}} Group
 */

const MOST_USED = 3;

/** Lower case, without accents and apostrophes: "Tîm" is found by "tim", "Children's" by "childrens". @param {string} text */
export function plainly(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/['’`]/g, "").toLowerCase();
}

/** Every word typed stands somewhere in the name, the note or the number. @param {Callable[]} people @param {string} typed */
export function search(people, typed) {
  const words = plainly(typed).split(/\s+/).filter(Boolean);
  return people.filter((one) => {
    const text = plainly(`${one.label} ${one.note} ${one.code}`);
    const digits = one.number.replace(/\D/g, "");
    return words.every(
      (word) => text.includes(word) || (/^\d+$/.test(word) && digits.includes(word)),
    );
  });
}

/**
 * Who stands where: favourites, then who was called last, then the rest in the directory's order.
 * @param {Callable[]} people
 * @param {string[]} favourites
 * @param {Record<string, number>} used when each was last called
 * @returns {Group[]}
 */
export function grouped(people, favourites, used) {
  const first = favourites.flatMap((code) => people.filter((one) => one.code === code));
  const last = people
    .filter((one) => used[one.code] && !first.includes(one))
    .sort((a, b) => used[b.code] - used[a.code])
    .slice(0, MOST_USED);
  const rest = people.filter((one) => !first.includes(one) && !last.includes(one));
  /** @type {Group[]} */
  const groups = [
    { heading: "favourites", people: first },
    { heading: "used", people: last },
    { heading: "all", people: rest },
  ];
  return groups.filter((group) => group.people.length > 0);
}

/** What a telephone is given: the number without the blanks people read. @param {string} number */
export const dialled = (number) => `tel:${number.replaceAll(" ", "")}`;

/**
 * Whoever is in the directory, in the language of the page.
 * @param {import("../vault/trust.js").Directory | null} directory
 * @param {string} language
 * @returns {Callable[]}
 */
export function listed(directory, language) {
  return (directory?.recipients ?? []).map(({ code, label, number, note }) => ({
    code,
    label: label[language] || label.en || code,
    number: number ?? "",
    note: note?.[language] || note?.en || "",
  }));
}
