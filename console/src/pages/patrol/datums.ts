/** WGS-84 to the datums of Chinese map apps: the formulas of kuaifan.geo.datums, held to the same
    points by tests/datums.json. */

const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.00669342162296594323;
const BD_PI = (Math.PI * 3000) / 180;

export interface LatLon {
  lat: number;
  lon: number;
}

/** GCJ-02 (火星坐标), what Amap and Tencent read. */
export function toGcj02({ lat, lon }: LatLon): LatLon {
  const isInChina = lat >= 0.8293 && lat <= 55.8271 && lon >= 72.004 && lon <= 137.8347;
  if (!isInChina) return { lat, lon };
  const x = lon - 105;
  const y = lat - 35;
  const root = Math.sqrt(Math.abs(x));
  const ripple = 20 * Math.sin(6 * Math.PI * x) + 20 * Math.sin(2 * Math.PI * x);
  const flat = 1 - ECCENTRICITY_SQUARED * Math.sin(radians(lat)) ** 2;
  const northM =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
    ((ripple + waves(y, 160, 320)) * 2) / 3;
  const eastM =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
    ((ripple + waves(x, 150, 300)) * 2) / 3;
  const meridianM = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / flat ** 1.5;
  const parallelM = (SEMI_MAJOR_M / Math.sqrt(flat)) * Math.cos(radians(lat));
  return { lat: lat + degrees(northM / meridianM), lon: lon + degrees(eastM / parallelM) };
}

/** BD-09 (百度坐标), what Baidu reads. */
export function toBd09(place: LatLon): LatLon {
  const { lat, lon } = toGcj02(place);
  const radius = Math.hypot(lat, lon) + 0.00002 * Math.sin(lat * BD_PI);
  const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * BD_PI);
  return { lat: radius * Math.sin(angle) + 0.006, lon: radius * Math.cos(angle) + 0.0065 };
}

function waves(angle: number, longM: number, longerM: number): number {
  return (
    20 * Math.sin(Math.PI * angle) +
    40 * Math.sin((Math.PI * angle) / 3) +
    longM * Math.sin((Math.PI * angle) / 12) +
    longerM * Math.sin((Math.PI * angle) / 30)
  );
}

const radians = (angle: number): number => (angle * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;
