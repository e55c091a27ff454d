// @ts-check
/** *Can I share?*: what the organisation itself says, beside the sentences that stand in the page. */
import { byId } from "../shell/find.js";
import { goBack } from "../shell/screens.js";
import { language } from "../shell/words.js";
import { numberLink } from "./dial.js";
import { listed } from "./finding.js";

/** For everyone in the United Kingdom, where the directory lists it. */
const HELPLINE = "nspcc";

export class AdviceScreen {
  /** @param {import("./help.js").Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    byId("advice-shared").addEventListener("click", () => logAct("shared"));
    byId("advice-not-shared").addEventListener("click", () => logAct("not-shared"));
  }

  open() {
    const { directory } = this.rooms.trust;
    const { text = [], contacts = [] } = directory?.advice ?? {};
    const helpline = listed(directory, language()).filter((one) => one.code === HELPLINE);
    const people = [
      ...contacts.map((one) => ({
        label: inLanguage(one.label),
        number: one.number,
        note: inLanguage(one.note),
      })),
      ...helpline.filter((one) => one.number),
    ];
    byId("advice-contacts").replaceChildren(...people.map((one) => this.#contact(one)));
    byId("advice-nobody").hidden = contacts.length > 0;
    byId("advice-own").replaceChildren(...text.flatMap(section));
  }

  /** Asking is no share: nothing is remembered of this call. @param {{label: string, number: string, note: string}} person */
  #contact(person) {
    const item = document.createElement("li");
    item.className = "dial";
    const link = numberLink(person);
    link.addEventListener("click", () => this.rooms.away());
    item.append(link);
    return item;
  }
}

/** @param {{heading: Record<string, string>, text: Record<string, string>}} said */
function section({ heading, text }) {
  const name = document.createElement("h3");
  name.textContent = inLanguage(heading);
  const paragraphs = inLanguage(text)
    .split(/\n\s*\n/)
    .map((one) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = one.trim();
      return paragraph;
    });
  return [name, ...paragraphs];
}

/** @param {Record<string, string> | null | undefined} label */
const inLanguage = (label) => label?.[language()] || label?.en || "";

/** Back to the page as it was, with what was decided. @param {"shared" | "not-shared"} act */
function logAct(act) {
  goBack(() => {
    document.querySelector(/** @type {"button"} */ (`#log [data-act="${act}"]`))?.click();
  });
}
