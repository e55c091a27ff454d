// @ts-check
/**
 * Whether this page was left long enough to be locked. Where the app itself sent the person away,
 * to the dialler, it waits for them.
 */
export const LOCK_AFTER_MS = 60_000;
/** Sent to the dialler, a phone hides this page at once or never. */
const LEAVES_WITHIN_MS = 10_000;
/** Nobody is waited for longer than this. */
const LONGEST_CALL_MS = 60 * 60 * 1000;

let sentAt = Number.NEGATIVE_INFINITY;

/** Call this right before `tel:` is opened. @param {number} [now] */
export function awayByUs(now = performance.now()) {
  sentAt = now;
}

/** How long this page may be hidden from now on. @param {number} now */
export const mayBeHiddenFor = (now) =>
  now - sentAt <= LEAVES_WITHIN_MS ? LONGEST_CALL_MS : LOCK_AFTER_MS;

/**
 * Tells when the page was hidden for too long.
 * @param {() => number} monotonic
 * @param {() => void} tooLong
 */
export function watchHidden(monotonic, tooLong) {
  let until = Number.POSITIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    const now = monotonic();
    if (document.visibilityState === "hidden") {
      const most = mayBeHiddenFor(now);
      until = now + most;
      timer = setTimeout(tooLong, most);
    } else {
      // Timers of a hidden page may sleep: what counts is when somebody looks again.
      if (now >= until) tooLong();
      until = Number.POSITIVE_INFINITY;
    }
  });
}
