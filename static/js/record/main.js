// @ts-check
/** The record's pages work without this; it saves drafts, opens entries beside the queue, and
 * brings what went wrong to where one reads. */
import "htmx.org";
import { keepDrafts } from "./autosave.js";
import { offerToCopy } from "./copy.js";
import { guideLength } from "./length.js";
import { bringToNotice } from "./notice.js";
import { openBesideQueue } from "./queue.js";
import { takeCodeFromLink } from "./received.js";

keepDrafts(document);
openBesideQueue(document);
bringToNotice(document);
guideLength(document);
offerToCopy(document);
takeCodeFromLink(document, location, history);
