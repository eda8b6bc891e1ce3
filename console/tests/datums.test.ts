import { expect, test } from "vitest";
import { toBd09, toGcj02 } from "../src/pages/patrol/datums";
import { navLinks } from "../src/pages/patrol/navLinks";
import points from "./datums.json";

const A_CENTIMETRE_DEG = 1e-7;

test("the phone shifts points just as the server does", () => {
  for (const point of points) {
    const [lat = 0, lon = 0] = point.wgs84;
    for (const [shift, wanted] of [[toGcj02, point.gcj02], [toBd09, point.bd09]] as const) {
      const got = shift({ lat, lon });
      expect(Math.abs(got.lat - (wanted[0] ?? 0))).toBeLessThan(A_CENTIMETRE_DEG);
      expect(Math.abs(got.lon - (wanted[1] ?? 0))).toBeLessThan(A_CENTIMETRE_DEG);
    }
  }
});

test("each map app gets the point in its own datum, and nothing else of the incident", () => {
  const place = { lat: 32.6264, lon: 116.9997 };
  const [amap, baidu, geo] = navLinks(place, false, "现场");
  expect(amap?.href).toContain(`dlat=${toGcj02(place).lat.toFixed(6)}`);
  expect(amap?.href).toContain("dev=0");
  expect(baidu?.href).toContain(`latlng:${toBd09(place).lat.toFixed(6)},`);
  expect(geo?.href).toMatch(/^geo:32\.626400,116\.999700/);
  expect(navLinks(place, true, "现场")[0]?.href).toMatch(/^iosamap:/);
});
