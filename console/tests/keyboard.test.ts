import { afterAll, describe, expect, test, vi } from "vitest";
import { keyName, keyboard, showModal, worksWhileTyping } from "../src/keys/keyboard";

function press(given: Partial<KeyboardEvent>): string {
  const none = { key: "", code: "", ctrlKey: false, metaKey: false, altKey: false };
  return keyName({ ...none, ...given } as KeyboardEvent);
}

test("keys have one name in every layout", () => {
  expect(press({ key: "a" })).toBe("A");
  expect(press({ key: "／" })).toBe("/");
  expect(press({ key: "、" })).toBe("、");
  expect(press({ key: "z", ctrlKey: true })).toBe("Ctrl+Z");
  expect(press({ key: "z", metaKey: true })).toBe("Ctrl+Z");
  expect(press({ key: "¡", code: "Digit1", altKey: true })).toBe("Alt+1");
  expect(press({ key: "ArrowDown" })).toBe("ArrowDown");
});

test("while one types, letters and digits are letters and digits", () => {
  for (const name of ["1", "A", "/", "ArrowDown", "Enter", "Ctrl+Z"]) {
    expect(worksWhileTyping(name), name).toBe(false);
  }
  for (const name of ["Ctrl+Enter", "Alt+1", "F2", "Escape"]) {
    expect(worksWhileTyping(name), name).toBe(true);
  }
});

describe("a key that is held down", () => {
  class Spot {
    constructor(readonly kinds: readonly string[] = []) {}
    closest(selector: string): Spot | null {
      const parts = selector.split(", ").map((each) => each.split(":")[0] ?? "");
      return parts.some((each) => this.kinds.includes(each)) ? this : null;
    }
  }
  vi.stubGlobal("Element", Spot);
  const acted: string[] = [];
  const release = keyboard.take(
    Object.fromEntries(["B", "F9", "Enter", "ArrowDown"].map((name) => [name, () => acted.push(name)])),
  );
  afterAll(() => {
    release();
    vi.unstubAllGlobals();
  });

  function hold(key: string, at: Spot = new Spot()): boolean {
    acted.length = 0;
    let isPrevented = false;
    for (const repeat of [false, true, true]) {
      const event = { key, code: "", repeat, target: at, defaultPrevented: false };
      keyboard.handle({ ...event, preventDefault: () => (isPrevented = repeat) } as unknown as KeyboardEvent);
    }
    return isPrevented;
  }

  test("acts once", () => {
    for (const key of ["b", "F9", "Enter"]) {
      expect(hold(key), key).toBe(true);
      expect(acted, key).toHaveLength(1);
    }
  });
  test("goes on moving the selection", () => {
    hold("ArrowDown");
    expect(acted).toHaveLength(3);
  });
  test("presses the button that has the focus once, and sends a form once", () => {
    expect(hold("Enter", new Spot(["button"]))).toBe(true);
    expect(hold("Enter", new Spot(["input"]))).toBe(true);
    expect(acted).toEqual([]);
  });
  test("writes on in a field: letters, and new lines where there are several", () => {
    expect(hold("b", new Spot(["textarea"]))).toBe(false);
    expect(hold("Enter", new Spot(["textarea"]))).toBe(false);
  });
});

test("a key pressed right after Escape acts on the page again, before the dialog says that it closed", () => {
  const dialog = Object.assign(new EventTarget(), { showModal: vi.fn() });
  const acted: string[] = [];
  const press = () =>
    keyboard.handle({ key: "u", code: "KeyU", target: null, preventDefault: vi.fn() } as unknown as KeyboardEvent);
  vi.stubGlobal("Element", class {});
  const release = keyboard.take({ U: () => acted.push("page") });
  const close = showModal(dialog as unknown as HTMLDialogElement, { U: () => acted.push("dialog") });
  press();
  dialog.dispatchEvent(new Event("cancel"));
  press();
  expect(dialog.showModal).toHaveBeenCalledOnce();
  expect(acted).toEqual(["dialog", "page"]);
  close();
  release();
  vi.unstubAllGlobals();
});
