/** A card as it is typed in, and the command that it becomes. Pure. */

import type { Commands, WarningLetter } from "../../api/commands";
import type { CardBlockRow, UnitRow } from "../../api/rows";
import { instantOf, stampsOf } from "./times";

export interface CardOrder {
  unit: string;
  sent: string;
  signed: string;
  enRoute: string;
  arrived: string;
  handled: string;
  disposition: string;
  story: string;
}

export interface Card {
  number: string;
  day: string;
  called: string;
  ended: string;
  callerNumber: string;
  callerName: string;
  type: string;
  narrative: string;
  address: string;
  lat: number | null;
  lon: number | null;
  orders: CardOrder[];
  settled: string;
  /** What was decided about a warning letter, where the type asks. */
  letter: WarningLetter | null;
  writtenBy: string;
  by: string;
  outageDay: string;
  outageTime: string;
}

export function emptyOrder(): CardOrder {
  return {
    unit: "",
    sent: "",
    signed: "",
    enRoute: "",
    arrived: "",
    handled: "",
    disposition: "",
    story: "",
  };
}

/** A new card; who types, which day and since when the desk was down stay from card to card. */
export function emptyCard(before?: Card): Card {
  return {
    number: "",
    day: before?.day ?? "",
    called: "",
    ended: "",
    callerNumber: "",
    callerName: "",
    type: "",
    narrative: "",
    address: "",
    lat: null,
    lon: null,
    orders: [],
    settled: "",
    letter: null,
    writtenBy: before?.writtenBy ?? "",
    by: before?.by ?? "",
    outageDay: before?.outageDay ?? "",
    outageTime: before?.outageTime ?? "",
  };
}

/** Whether nothing of a card itself is typed yet. */
export function isBlank(card: Card): boolean {
  return JSON.stringify(card) === JSON.stringify(emptyCard(card));
}

/** Numbers of a block that no card has used yet. */
export function unusedOf(block: CardBlockRow): string[] {
  const used = new Set(block.used);
  return Array.from({ length: block.n_cards }, (_, i) => block.first_no + i)
    .filter((number) => !used.has(number))
    .map((number) => `J${number}`);
}

/** "j 12", "Ｊ１２" or "12" as the card's number. */
export function numberOf(said: string): string {
  const plain = said.normalize("NFKC").replace(/\s/g, "").toUpperCase();
  return /^\d+$/.test(plain) ? `J${plain}` : plain;
}

/** The unit that is meant by a call sign or an id; what nobody knows goes to the server as it is. */
export function unitOf(said: string, units: Record<string, UnitRow>): string {
  const plain = said.normalize("NFKC").trim();
  const found = Object.values(units).find((unit) => unit.call_sign === plain);
  return found?.unit_id ?? plain;
}

export type Fault = "called" | "outage" | "stamp" | "sent";
export type Made = { body: Commands["EnterPaperCard"] } | { fault: Fault; what: string };

/** The command of a card, or which time cannot be read. */
export function makeCommand(
  card: Card,
  typeCode: string,
  units: Record<string, UnitRow>,
  timeZone: string,
): Made {
  const [called, ended] = stampsOf(card.day, [card.called, card.ended], timeZone);
  if (!called) return { fault: "called", what: card.called };
  if (ended === null || ended === undefined) return { fault: "stamp", what: card.ended };
  const outage = card.outageTime ? instantOf(card.outageDay || card.day, card.outageTime, timeZone) : 0;
  if (outage === null) return { fault: "outage", what: card.outageTime };
  const orders: Commands["EnterPaperCard"]["orders"] = [];
  for (const order of card.orders) {
    const times = [order.sent, order.signed, order.enRoute, order.arrived, order.handled];
    const stamps = stampsOf(card.day, times, timeZone, called);
    const bad = stamps.indexOf(null);
    if (bad >= 0) return { fault: "stamp", what: times[bad] ?? "" };
    const [sent, signed, enRoute, arrived, handled] = stamps.map((each) => each ?? 0);
    if (!sent) return { fault: "sent", what: order.unit };
    orders.push({
      unit_id: unitOf(order.unit, units),
      sent_at_ms: sent,
      signed_at_ms: signed ?? 0,
      en_route_at_ms: enRoute ?? 0,
      arrived_at_ms: arrived ?? 0,
      handled_at_ms: handled ?? 0,
      disposition: order.disposition,
      story: order.story,
    });
  }
  // One answer holds for the card: it stands in the first result that there is.
  const told = orders.find((order) => order.disposition);
  if (told && card.letter) told.letter = card.letter;
  const place = card.lat !== null && card.lon !== null ? { lat: card.lat, lon: card.lon } : {};
  return {
    body: {
      incident_id: numberOf(card.number),
      type_code: typeCode,
      called_at_ms: called,
      ended_at_ms: ended,
      by: card.by,
      written_by: card.writtenBy,
      caller_number: card.callerNumber,
      caller_name: card.callerName,
      narrative: card.narrative,
      address: card.address,
      ...place,
      orders,
      settled: orders.length > 0 ? "" : card.settled,
      outage_from_ms: outage,
    },
  };
}
