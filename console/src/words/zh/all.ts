/** All Chinese words together: for the types and the tests; a page brings only its own. */

import { deskWords } from "./desk";
import { intakeWords } from "./intake";
import { mapWords } from "./map";
import { patrolWords } from "./patrol";
import { patrolFormWords } from "./patrolForms";
import { roadsWords } from "./roads";
import { seatsWords } from "./seats";
import { shellWords } from "./shell";
import { startWords } from "./start";

export const zh = {
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

export type WordKey = keyof typeof zh;
