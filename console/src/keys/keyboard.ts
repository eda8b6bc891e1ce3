/** The one owner of the keyboard: a key acts in exactly one place, taken from the real focus. */

export type KeyAction = (event: KeyboardEvent) => void;
/** Names such as "ArrowDown", "1", "Ctrl+Z", "Alt+3", "Shift+2", "/": see `keyName`. */
export type KeyMap = Record<string, KeyAction>;

const TYPING = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select";
const PRESSABLE = "button, a[href], summary, [role=option], input, select";
/** Keys that a focused button or link needs for itself. */
const PRESS_KEYS = new Set(["Enter", " "]);
/** What a held Enter would press again and again; in a text of several lines it is a new line. */
const ENTERED = "button, a[href], summary, input, select";
/** What moves may go on while the key is held; what acts is one wish, however long it is held. */
const MOVES = /^(?:Arrow\w+|[+=-])$/;

/** The name of a key as our maps spell it; letters upper case, full-width ones made plain. */
export function keyName(event: KeyboardEvent): string {
  // With Alt held some layouts give another character: the physical digit is what was meant.
  const digit = event.altKey && /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const plain = event.key.length === 1 ? event.key.normalize("NFKC").toUpperCase() : event.key;
  const key = digit || plain;
  const row = event.shiftKey && !event.altKey && /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (row && !event.ctrlKey && !event.metaKey) return `Shift+${row}`;
  const held = [event.ctrlKey || event.metaKey ? "Ctrl+" : "", event.altKey ? "Alt+" : ""];
  return held.join("") + key;
}

/** Whether an input method is putting a word together: its keys are not ours. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Whether a key may act on the page although a field has the focus. */
export function worksWhileTyping(name: string): boolean {
  if (name === "Ctrl+Z" || name === "Ctrl+A") return false;
  return /^(?:Ctrl\+|Alt\+|F\d|Escape$)/.test(name);
}

class Keyboard {
  #maps: KeyMap[] = [];

  /** Take the keyboard; the last one to take it has it alone. Returns what gives it back. */
  take(map: KeyMap): () => void {
    this.#maps.push(map);
    return () => {
      this.#maps = this.#maps.filter((other) => other !== map);
    };
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || isComposing(event)) return;
    const name = keyName(event);
    const action = this.#maps.at(-1)?.[name];
    const target = event.target instanceof Element ? event.target : null;
    if (event.repeat && name === "Enter" && target?.closest(ENTERED)) event.preventDefault();
    if (!action) return;
    if (target?.closest(TYPING) && !worksWhileTyping(name)) return;
    if (PRESS_KEYS.has(name) && target?.closest(PRESSABLE)) return;
    event.preventDefault();
    if (event.repeat && !MOVES.test(name)) return;
    action(event);
  }
}

export const keyboard = new Keyboard();

/** Show a native dialog that has the keys until it closes. Escape gives them back at once: the
 * dialog's own `close` is told a task later, and a key pressed in between would act nowhere. */
export function showModal(dialog: HTMLDialogElement, map: KeyMap = {}): () => void {
  const release = keyboard.take(map);
  dialog.addEventListener("cancel", release);
  dialog.showModal();
  return release;
}

// With the first page that has keys: a phone has none. Tests of the rules have no window.
globalThis.addEventListener?.("keydown", (event) => keyboard.handle(event));
