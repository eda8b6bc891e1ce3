/** Brings the words of what is done to an incident; whatever says one of them imports this. */

import { addWords } from "../../words/words.svelte";
import { actWords } from "../../words/zh/acts";

addWords(actWords);
