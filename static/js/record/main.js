// @ts-check
/** The record's pages work without this; it saves drafts, opens entries beside the queue, and
 * brings what went wrong to where one reads. */
import "htmx.org";
import { keepDrafts } from "./autosave.js";
import { bringToNotice } from "./notice.js";
import { openBesideQueue } from "./queue.js";

keepDrafts(document);
openBesideQueue(document);
bringToNotice(document);
