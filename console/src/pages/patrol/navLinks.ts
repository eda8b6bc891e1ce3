/** Links that hand a place to the phone's own map app; opened by a tap, never fetched by the page.
    Only the place goes along: neither the address nor what happened there. */

import { toBd09, toGcj02, type LatLon } from "./datums";

export interface NavLink {
  app: "geo" | "amap" | "baidu";
  href: string;
}

export function navLinks(place: LatLon, isApple: boolean, name: string): NavLink[] {
  const label = encodeURIComponent(name);
  const gcj = toGcj02(place);
  const bd = toBd09(place);
  const at = (point: LatLon): string => `${point.lat.toFixed(6)},${point.lon.toFixed(6)}`;
  // dev=0: the point is in GCJ-02 already, the app must not shift it again.
  const amapPath = isApple ? "iosamap://path" : "amapuri://route/plan/";
  const amap = new URLSearchParams({
    sourceApplication: "kuaifan",
    dlat: gcj.lat.toFixed(6),
    dlon: gcj.lon.toFixed(6),
    dname: name,
    dev: "0",
    t: "0",
  });
  return [
    { app: "amap", href: `${amapPath}?${amap}` },
    {
      app: "baidu",
      href: `baidumap://map/direction?destination=latlng:${at(bd)}|name:${label}&coord_type=bd09ll&mode=driving`,
    },
    { app: "geo", href: `geo:${at(place)}?q=${at(place)}(${label})` },
  ];
}
