/** What can be done with any item, of whichever seat: take it, hand it on, put it off, write a note. */

import type { ItemRow } from "../../api/rows";
import { PLAIN, type FieldKind, type FormField, type SeatAction } from "../../api/seats";
import { t, word, type WordKey } from "../../words/words.svelte";

const OWNERS = ["person", "unit", "desk", "seat"] as const;

function field(name: string, key: WordKey, kind: FieldKind, codes: readonly string[] = []): FormField {
  const choices = codes.map((code) => {
    const said = word("item_owner", code);
    return { code, zh: said, en: said };
  });
  return { ...PLAIN, name, zh: t(key), en: t(key), kind, choices };
}

function action(command: string, key: string, title: WordKey, fields: FormField[]): SeatAction {
  return {
    command,
    zh: t(title),
    en: t(title),
    on: "item",
    fills: "item_id",
    key,
    kinds: [],
    stages: [],
    table: "",
    fields,
    by: "by",
    sure: false,
  };
}

export function coreActions(item: ItemRow): SeatAction[] {
  const isMovable = item.n_postponed < 3;
  return [
    action("TakeItem", "Alt+1", "special.take", []),
    action("HandOnItem", "Alt+2", "special.hand_on", [
      field("to_kind", "special.to_kind", "choice", OWNERS),
      field("to_who", "special.to_who", "text"),
      field("reason", "special.reason", "text"),
    ]),
    ...(isMovable
      ? [
          action("PostponeItem", "Alt+3", "special.postpone", [
            field("due_at_ms", "special.due", "instant"),
            field("reason", "special.reason", "text"),
          ]),
        ]
      : []),
    action("NoteItem", "Alt+4", "special.note", [field("text", "special.text", "long_text")]),
  ];
}

/** The body as the server wants it: an owner is one thing there. */
export function shaped(command: string, body: Record<string, unknown>): Record<string, unknown> {
  if (command !== "HandOnItem") return body;
  const { to_kind, to_who, ...rest } = body;
  return { ...rest, to: { kind: to_kind, owner_id: to_who } };
}
