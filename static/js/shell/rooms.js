// @ts-check
/**
 * The screens of the rooms behind the form, which travel with the practice page. The form does not
 * wait for them, so that whoever comes to log on a slow link loads nothing else first; the service
 * worker keeps them with the rooms.
 */
import { byId } from "./find.js";
import { language, moreWords } from "./words.js";

/** @type {Promise<void> | null} */
let brought = null;

/** Put them in their places, once. @returns {Promise<void>} */
export function bringRooms() {
  brought ??= bring().catch((error) => {
    brought = null; // a first visit without signal: asked for again, it is fetched again
    throw error;
  });
  return brought;
}

/**
 * A room that comes when it is first entered. One that could not come is asked for again at the
 * next tap; one that is here stays, whatever becomes of what is done in it.
 * @template T
 */
export class Room {
  /** @type {Promise<T> | null} */
  #here = null;

  /** @param {() => Promise<T>} open */
  constructor(open) {
    this.open = open;
  }

  /** @param {(room: T) => unknown} act */
  async enter(act) {
    this.#here ??= bringRooms()
      .then(this.open)
      .catch((error) => {
        this.#here = null; // a first visit without signal
        throw error;
      });
    await act(await this.#here);
  }
}

async function bring() {
  const answer = await fetch(`/${language()}/practice`, { credentials: "omit", redirect: "error" });
  if (!answer.ok) throw new Error("no rooms");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = /** @type {NodeListOf<HTMLTemplateElement>} */ (
    page.querySelectorAll("template[data-into]")
  );
  for (const part of parts) {
    const name = part.dataset.into ?? "";
    const content = document.importNode(part.content, true);
    if (name === "words") moreWords(content);
    else byId(name).append(content);
  }
}
