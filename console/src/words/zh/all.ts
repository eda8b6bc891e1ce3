/** All Chinese words together: for the types and the tests; a page brings only its own. */

import { approvalWords } from "./approval";
import { dutyWords } from "./duty";
import { commandWords } from "./commands";
import { crewApprovalWords } from "./crewApproval";
import { crewBroadcastWords } from "./crewBroadcast";
import { refusedWords } from "./refused";
import { callFormWords } from "./callForm";
import { actWords } from "./acts";
import { mapMarkWords } from "./mapMarks";
import { adminWords } from "./admin";
import { barWords } from "./bar";
import { deskWords } from "./desk";
import { sendWords } from "./send";
import { ringWords } from "./rings";
import { roadFormWords } from "./roadForm";
import { unitCardWords } from "./unitCard";
import { orderWords } from "./orders";
import { guideWords } from "./guide";
import { intakeWords } from "./intake";
import { logOnWords } from "./logOn";
import { mapWords } from "./map";
import { boardWords } from "./board";
import { formWords } from "./forms";
import { paperWords } from "./paper";
import { panelWords } from "./panels";
import { patrolWords } from "./patrol";
import { patrolFormWords } from "./patrolForms";
import { phoneWords } from "./phone";
import { aheadWords } from "./ahead";
import { whatIfWords } from "./whatIf";
import { planningWords } from "./planning";
import { policyWords } from "./policy";
import { photoWords } from "./photos";
import { letterWords } from "./letters";
import { premiseWords } from "./premise";
import { roadsWords } from "./roads";
import { seatWords } from "./seat";
import { incidentWords } from "./incident";
import { sendingWords } from "./sending";
import { shellWords } from "./shell";
import { reviewWords } from "./review";
import { archiveWords } from "./archive";
import { specialSeatWords } from "./specialSeats";
import { startWords } from "./start";
import { takingWords } from "./taking";

export const zh = {
  ...shellWords,
  ...mapMarkWords,
  ...actWords,
  ...callFormWords,
  ...incidentWords,
  ...deskWords,
  ...sendWords,
  ...ringWords,
  ...roadFormWords,
  ...unitCardWords,
  ...orderWords,
  ...intakeWords,
  ...patrolWords,
  ...patrolFormWords,
  ...startWords,
  ...mapWords,
  ...roadsWords,
  ...paperWords,
  ...formWords,
  ...boardWords,
  ...sendingWords,
  ...phoneWords,
  ...photoWords,
  ...seatWords,
  ...guideWords,
  ...takingWords,
  ...premiseWords,
  ...panelWords,
  ...commandWords,
  ...crewApprovalWords,
  ...crewBroadcastWords,
  ...refusedWords,
  ...adminWords,
  ...letterWords,
  ...logOnWords,
  ...barWords,
  ...dutyWords,
  ...approvalWords,
  ...aheadWords,
  ...whatIfWords,
  ...planningWords,
  ...archiveWords,
  ...specialSeatWords,
  ...policyWords,
  ...reviewWords,
};

export type WordKey = keyof typeof zh;
