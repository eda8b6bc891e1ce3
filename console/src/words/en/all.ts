/** All English words together: fetched as one when English is first wanted. */

import type { WordKey } from "../zh/all";
import { deskWords } from "./desk";
import { intakeWords } from "./intake";
import { mapWords } from "./map";
import { patrolWords } from "./patrol";
import { patrolFormWords } from "./patrolForms";
import { roadsWords } from "./roads";
import { seatsWords } from "./seats";
import { shellWords } from "./shell";
import { startWords } from "./start";

export const en: Record<WordKey, string> = {
  ...shellWords,
  ...seatsWords,
  ...deskWords,
  ...intakeWords,
  ...patrolWords,
  ...patrolFormWords,
  ...startWords,
  ...mapWords,
  ...roadsWords,
};
