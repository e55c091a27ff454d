// @ts-check
/** A number to tap, under the name of whoever answers it. */
import { dialled } from "./finding.js";

/** @param {{label: string, number: string, note: string}} person */
export function numberLink({ label, number, note }) {
  const link = document.createElement("a");
  link.className = "dial__number";
  link.href = dialled(number);
  const name = document.createElement("strong");
  name.textContent = label;
  const under = document.createElement("span");
  under.textContent = note ? `${number} · ${note}` : number;
  link.append(name, under);
  return link;
}
