/** All Chinese words together: for the types and the tests; a page brings only its own. */

import { deskWords } from "./desk";
import { guideWords } from "./guide";
import { intakeWords } from "./intake";
import { mapWords } from "./map";
import { patrolWords } from "./patrol";
import { premiseWords } from "./premise";
import { roadsWords } from "./roads";
import { seatsWords } from "./seats";
import { shellWords } from "./shell";
import { startWords } from "./start";
import { takingWords } from "./taking";

export const zh = {
  ...shellWords,
  ...seatsWords,
  ...deskWords,
  ...intakeWords,
  ...patrolWords,
  ...startWords,
  ...mapWords,
  ...roadsWords,
  ...guideWords,
  ...takingWords,
  ...premiseWords,
};

export type WordKey = keyof typeof zh;
