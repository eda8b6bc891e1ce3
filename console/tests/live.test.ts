import { expect, test } from "vitest";
import { freshness } from "../src/live/age";
import { CityClock } from "../src/live/clock";

test("the age of the stream turns to words after 5 s and to a banner after 15 s", () => {
  expect(freshness(null)).toBe("connecting");
  expect(freshness(5_000)).toBe("fresh");
  expect(freshness(5_001)).toBe("stale");
  expect(freshness(15_000)).toBe("stale");
  expect(freshness(15_001)).toBe("cut");
});

test("the city's clock runs at the city's speed from what the server said", () => {
  const clock = new CityClock();
  expect(clock.isSet).toBe(false);
  clock.set(1_000_000, 500, 10);
  expect(clock.nowMs(500)).toBe(1_000_000);
  expect(clock.nowMs(1_500)).toBe(1_010_000);
});

test("without a word from the server the clock stops instead of guessing on", () => {
  const clock = new CityClock();
  clock.set(1_000_000, 0, 1);
  expect(clock.nowMs(3_600_000)).toBe(1_015_000);
});
