/** What the command bar needs once somebody types: one chunk, fetched when the bar is entered. */

import { addWords } from "../../words/words.svelte";
import { commandWords } from "../../words/zh/commands";
import { panelWords } from "../../words/zh/panels";

addWords({ ...panelWords, ...commandWords });

export { propose } from "./complete";
export { runLine } from "./runLine";
