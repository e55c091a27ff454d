// @ts-check
/** What went wrong is where a person reads first, also with a screen reader. */

/** @param {Document} page */
export function bringToNotice(page) {
  const notice = page.querySelector("main .govuk-error-summary, main #conflict");
  if (!(notice instanceof HTMLElement)) return;
  notice.tabIndex = -1;
  notice.focus();
}
