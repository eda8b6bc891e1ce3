import { expect, test } from "vitest";
import { sayValue } from "../src/pages/planning/sayFigures";

test.each([
  [-0.0004, "share", true, "0.0pp"],
  [0.0004, "share", true, "0.0pp"],
  [0.024, "share", true, "+2.4pp"],
  [-0.024, "share", true, "-2.4pp"],
  [0.733, "share", false, "73.3%"],
  [-0.04, "s", true, "0.0"],
  [12.4, "s", true, "+12"],
  [-2534, "min", true, "-2534"],
])("%d of %s is said as %s", (value, unit, isDifference, said) => {
  expect(sayValue(value, unit, isDifference)).toBe(said);
});
