/** Brings the words of the crew's forms; every form imports this. */

import { addWords } from "../../words/words.svelte";
import { patrolFormWords } from "../../words/zh/patrolForms";

addWords({ ...patrolFormWords });
