// @ts-check
/** Something has changed, here or in another tab: what is true is shown again, and not too often. */

const CHANNEL = "sharelog";

/**
 * Asked again while it runs, it runs once more, however often it was asked; whoever asked waits for
 * a run that began afterwards.
 * @param {() => Promise<void>} run
 * @returns {() => Promise<void>}
 */
export function onceMore(run) {
  let last = Promise.resolve();
  /** @type {Promise<void> | null} */
  let next = null;
  return () => {
    next ??= last
      .catch(() => {}) // whoever asked for that one is told
      .then(() => {
        next = null;
        last = run();
        return last;
      });
    return next;
  };
}

export class News {
  #channel = new BroadcastChannel(CHANNEL);

  /** @param {() => Promise<void>} show what is true now */
  constructor(show) {
    this.show = onceMore(show);
  }

  /** The store is open: from now on other tabs have something to say. */
  listen() {
    // Nobody looks at a hidden tab; it is shown anew when somebody does.
    const look = () => {
      if (!document.hidden) this.show();
    };
    this.#channel.onmessage = look;
    document.addEventListener("visibilitychange", look);
  }

  changed() {
    this.#channel.postMessage("changed");
    return this.show();
  }
}
