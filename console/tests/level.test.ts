import { expect, test } from "vitest";
import { levelToSend, shownLevel } from "../src/pages/intake/level";

test("a hand's level stands above what the words give, and none is below the type's", () => {
  expect(shownLevel({ priority: null, suggestedPriority: null }, 3)).toBe(3);
  expect(shownLevel({ priority: null, suggestedPriority: 1 }, 3)).toBe(1);
  expect(shownLevel({ priority: 2, suggestedPriority: 1 }, 3)).toBe(2);
  expect(shownLevel({ priority: 5, suggestedPriority: null }, 3)).toBe(3);
});

test("only what is more urgent than the type is sent", () => {
  expect(levelToSend({ priority: null, suggestedPriority: null }, 2)).toBeNull();
  expect(levelToSend({ priority: 2, suggestedPriority: 1 }, 2)).toBeNull();
  expect(levelToSend({ priority: null, suggestedPriority: 1 }, 2)).toBe(1);
});
