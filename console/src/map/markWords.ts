/** Brings the words of what is marked on a map; whatever says one of them imports this. */

import { addWords } from "../words/words.svelte";
import { mapMarkWords } from "../words/zh/mapMarks";

addWords(mapMarkWords);
