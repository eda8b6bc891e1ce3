/** English of `zh/archive.ts`. */

import type { archiveWords as zh } from "../zh/archive";

export const archiveWords: Record<keyof typeof zh, string> = {
  "archive.work": "Work",
  "archive.title": "Archive",
  "archive.about": "This seat's papers of what is over. The list has no personal data; each search and each opening is logged.",
  "archive.text": "Look for",
  "archive.text_hint": "number, incident or words (no names)",
  "archive.from": "Archived from",
  "archive.search": "Search",
  "archive.found": "Papers found: {n}, of {looked} looked through",
  "archive.none": "Nothing was archived on these days that fits",
  "archive.withheld": "{n} more are not opened for this purpose",
  "archive.cut": "Only the latest are listed: give fewer days, or more words",
  "archive.paper": "Paper",
  "archive.at": "Archived",
  "archive.what": "In short",
  "archive.open": "Open",
  "archive.opened": "Archived papers of incident {incident}",
  "archive.logged": "Opened and logged",
  "archive.masked": "Personal data is not shown",
  "archive.gone": "The papers came back with their incident: they are archived no more",
  "archive.rest": "Other fields, as they are stored",
};
