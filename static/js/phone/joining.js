// @ts-check
/** *This phone*: the truth about it, and how it is added to the organisation. */
import { DoorProblem, NoSignal } from "../outbox/door.js";
import { AnotherOrganisation, demoCode, enrol, looksLikeCode, readLink } from "../outbox/enrol.js";
import { byId } from "../shell/find.js";
import { shown } from "../shell/screens.js";
import { note } from "../shell/status.js";
import { counted, dayAndTime, word } from "../shell/words.js";
import { eightWords } from "../vault/words.js";
import { scan } from "./scan.js";

/**
 * @typedef {import("../outbox/send.js").Rooms & {meet: () => Promise<void>}} Rooms
 * @typedef {{waiting: number, enrolled: boolean, contactAt: number | null}} Facts
 */

export class ThisPhone {
  /** @type {AbortController | null} */
  #scanning = null;
  /** The link that waits for a yes. @type {{code: string, fingerprint: string} | null} */
  #linked = null;
  /** The typed code whose eight words are being compared. */
  #typed = "";

  /** @param {Rooms} rooms @param {() => void} added */
  constructor(rooms, added) {
    this.rooms = rooms;
    this.added = added;
    byId("add").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#compareWords();
    });
    byId("scan").addEventListener("click", () => this.#scan());
    byId("words-match").addEventListener("click", () => this.#join({ code: this.#typed }));
    byId("words-differ").addEventListener("click", () => this.#refuse("join.differ"));
    byId("asked-yes").addEventListener("click", () => this.#joinByLink());
    byId("asked-no").addEventListener("click", () => {
      this.#linked = null;
      byId("asked").hidden = true;
      byId("phone-heading").focus();
    });
    byId("demo").addEventListener("click", () => this.#demo());
  }

  /** @param {Facts} facts */
  show({ waiting, enrolled, contactAt }) {
    const { keys, directory } = this.rooms.trust;
    const organisation = directory?.organisation ?? keys?.organisation ?? "";
    byId("fact-organisation").textContent = organisation || word("fact.none");
    byId("fact-added").textContent = word(enrolled ? "fact.added" : "fact.not-added");
    byId("fact-waiting").textContent = counted("fact.waiting", waiting);
    const now = this.rooms.clock.now();
    byId("fact-contact").textContent = contactAt ? dayAndTime(contactAt, now) : word("fact.never");
    byId("fact-name").textContent = this.rooms.device.name.slice(0, 8);
    byId("joining").hidden = enrolled || !keys;
    byId("adding").hidden = enrolled;
    byId("demo").hidden = directory?.demo !== true;
  }

  /**
   * A link that brought the person here. It is asked about first: somebody else's link would make
   * this phone theirs.
   * @param {string} text
   */
  async takeLink(text) {
    const link = readLink(text);
    if (!link) return this.#refuse("join.not-a-code");
    if (!this.rooms.trust.keys) await this.rooms.meet().catch(() => {});
    const { keys, directory } = this.rooms.trust;
    if (!keys) return this.#refuse("join.no-signal");
    if (!this.rooms.trust.isOurs(link.fingerprint)) return this.#refuse("join.another");
    this.#linked = link;
    const organisation = directory?.organisation ?? keys.organisation;
    byId("asked-heading").textContent = word("join.asked", { organisation });
    byId("asked").hidden = false;
    byId("asked-heading").focus();
  }

  async #joinByLink() {
    byId("asked").hidden = true;
    if (this.#linked) await this.#join(this.#linked);
    this.#linked = null;
  }

  /** A typed code carries no fingerprint: two people compare eight words instead. */
  async #compareWords() {
    const field = /** @type {HTMLInputElement} */ (byId("code"));
    this.#clear();
    if (!looksLikeCode(field.value)) return this.#refuse("join.not-a-code");
    const { keys } = this.rooms.trust;
    if (!keys) return this.#refuse("join.no-signal");
    this.#typed = field.value;
    const words = await eightWords(keys.fingerprint);
    byId("eight-words").replaceChildren(
      ...words.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
    byId("compare").hidden = false;
    byId("compare-heading").focus();
  }

  async #scan() {
    this.#clear();
    const view = byId("camera");
    if (this.#scanning) return this.#scanning.abort();
    this.#scanning = new AbortController();
    view.hidden = false;
    try {
      const video = /** @type {HTMLVideoElement} */ (byId("camera-picture"));
      const text = await scan(video, this.#scanning.signal);
      const link = text && readLink(text);
      if (text && !link) this.#refuse("join.not-a-code");
      if (link) await this.#join(link);
    } catch {
      this.#refuse("join.no-camera");
    } finally {
      view.hidden = true;
      this.#scanning = null;
    }
  }

  async #demo() {
    try {
      await this.#join({ code: await demoCode(this.rooms.fetcher) });
    } catch {
      this.#refuse("join.no-signal");
    }
  }

  /** @param {{code: string, fingerprint?: string}} offer */
  async #join(offer) {
    this.#clear();
    try {
      const label = word("phone.label", { system: system() });
      const organisation = await enrol(this.rooms, { ...offer, label });
      note(word("join.done", { organisation }));
      // What was tapped goes away with everything else about adding.
      if (shown() === "phone") byId("phone-heading").focus();
      this.added();
    } catch (error) {
      const why = reason(error);
      this.#refuse(why);
      // A problem is not signed: what to believe of it, the phone asks for itself.
      if (why === "join.revoked") this.rooms.meet();
    }
  }

  /** @param {string} key */
  #refuse(key) {
    this.#endComparing();
    byId("join-problem").textContent = word(key);
    byId("join-problem").hidden = false;
  }

  #clear() {
    byId("join-problem").hidden = true;
    this.#endComparing();
  }

  #endComparing() {
    const here = byId("compare").contains(document.activeElement);
    byId("compare").hidden = true;
    if (here) byId("code").focus({ preventScroll: true });
  }
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof AnotherOrganisation) return "join.another";
  if (error instanceof NoSignal) return "join.no-signal";
  if (error instanceof DoorProblem && error.code === "enrol.code_unusable") return "join.unusable";
  if (error instanceof DoorProblem && error.code === "enrol.another_person") return "join.person";
  if (error instanceof DoorProblem && error.code === "enrol.revoked") return "join.revoked";
  return "join.failed";
}

/** The plain name of the system, so that a person finds this phone in a list. */
function system() {
  const found = /Android|iPhone|iPad|Windows|Mac OS|CrOS|Linux/.exec(navigator.userAgent);
  return found ? found[0] : "?";
}
