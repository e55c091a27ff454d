// @ts-check
/** Puts a button beside a text that is there to be copied; without it one selects by hand. */

/** @param {Document} page */
export function offerToCopy(page) {
  for (const field of page.querySelectorAll("[data-copy]")) {
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) add(page, field);
  }
}

/** @param {Document} page @param {HTMLTextAreaElement | HTMLInputElement} field */
function add(page, field) {
  const button = page.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary record-copy";
  button.textContent = field.dataset.copy ?? "";
  const said = page.createElement("span");
  said.className = "govuk-body record-copied";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    // Refused in some browsers; then the selected text is one key press away.
    const copied = await navigator.clipboard.writeText(field.value).then(
      () => true,
      () => false,
    );
    said.textContent = copied ? (field.dataset.copied ?? "") : "";
  });
  const line = page.createElement("div");
  line.className = "record-copying";
  line.append(button, said);
  field.after(line);
}
