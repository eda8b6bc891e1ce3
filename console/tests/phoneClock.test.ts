import { afterEach, expect, test, vi } from "vitest";
import { PhoneClock } from "../src/pages/patrol/phoneClock";

afterEach(() => vi.unstubAllGlobals());

test("the phone's clock is noted once for each change, not for each tick", () => {
  const written: string[] = [];
  vi.stubGlobal("localStorage", {
    getItem: () => null,
    setItem: (_key: string, text: string) => written.push(text),
  });
  let phoneMs = 1_000_000;
  const clock = new PhoneClock(() => phoneMs);
  for (let i = 0; i < 100; i += 1) {
    phoneMs += 500;
    clock.note(phoneMs + 3_600_000, 1);
  }
  expect(written).toHaveLength(1);
  // Somebody sets the phone's clock; then the city runs faster.
  phoneMs -= 86_400_000;
  clock.note(phoneMs + 90_000_000, 1);
  expect(clock.nowMs()).toBe(phoneMs + 90_000_000);
  clock.note(phoneMs + 90_000_000, 10);
  expect(written).toHaveLength(3);
});
