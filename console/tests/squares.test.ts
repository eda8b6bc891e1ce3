import { expect, test } from "vitest";
import { bearing, squareName } from "../src/pages/planning/squares";
import { addWords } from "../src/words/words.svelte";
import { planningWords } from "../src/words/zh/planning";

addWords(planningWords);
const POST = { post_id: "a", kind: "standby_post", name: "书香西路屯警点", lat: 33.7, lon: 116.3 };
const FAR = { post_id: "b", kind: "standby_post", name: "和平公路屯警点", lat: 33.8, lon: 116.3 };

test("a square is called by its nearest post, and which way and how far it lies from there", () => {
  expect(squareName({ lat: 33.7, lon: 116.3 }, [FAR, POST])).toBe("书香西路屯警点");
  expect(squareName({ lat: 33.718, lon: 116.3 }, [FAR, POST])).toBe("书香西路屯警点 北 2.0 km");
  expect(squareName({ lat: 33.79, lon: 116.29 }, [FAR, POST])).toBe("和平公路屯警点 西南 1.4 km");
  expect(squareName({ lat: 33.71, lon: 116.31 }, [])).toBe("33.710, 116.310");
});

test.each([
  [1, 0, "n"],
  [1, 1, "ne"],
  [0, 1, "e"],
  [-1, 1, "se"],
  [-1, 0, "s"],
  [-1, -1, "sw"],
  [0, -1, "w"],
  [1, -1, "nw"],
])("%d north and %d east is %s", (lat, lon, way) => {
  expect(bearing({ lat: 0, lon: 0 }, { lat, lon })).toBe(way);
});
