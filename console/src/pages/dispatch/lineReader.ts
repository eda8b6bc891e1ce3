/** What the command bar needs once somebody types: one chunk, fetched when the bar is entered. */

export { propose } from "./complete";
export { runLine } from "./runLine";
