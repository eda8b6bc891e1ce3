import { expect, test } from "vitest";
import { keyName, worksWhileTyping } from "../src/keys/keyboard";

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
