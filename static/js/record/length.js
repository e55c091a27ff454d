// @ts-check
/** Speaks up beside an answer only when more is written than anyone needs. */

/** @param {Document} page */
export function guideLength(page) {
  page.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || !field.dataset.enough) return;
    const guide = page.getElementById(`${field.id}-enough`);
    if (!guide) return;
    const said = field.value.length > Number(field.dataset.enough) ? guide.dataset.said : "";
    // Said once: a reader that hears it at every key press hears nothing else.
    if (guide.textContent?.trim() !== said) guide.textContent = said ?? "";
  });
}
