/** Brings the words of a call's form; whatever says one of them imports this. */

import { addWords } from "../../words/words.svelte";
import { callFormWords } from "../../words/zh/callForm";
import { guideWords } from "../../words/zh/guide";

addWords({ ...callFormWords, ...guideWords });
