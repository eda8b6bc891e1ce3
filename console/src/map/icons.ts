/** Draws the signs of the map on a canvas: what a thing is stands in its shape, not only its colour. */

import type { Palette } from "./palette";

/** Drawn at twice the size it is shown, so that it is crisp on any screen. */
export const RATIO = 2;

export interface Icon {
  name: string;
  image: ImageData;
}

type Draw = (pen: CanvasRenderingContext2D, size: number) => void;

function draw(sizePx: number, paint: Draw): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = sizePx * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no 2d canvas");
  pen.scale(RATIO, RATIO);
  pen.lineJoin = "round";
  paint(pen, sizePx);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** A filled shape within a rim; stale: only its outline, for a position that is old. */
function shape(path: Draw, colour: string, rim: string, isStale: boolean): Draw {
  return (pen, size) => {
    pen.beginPath();
    path(pen, size);
    pen.lineWidth = 3.5;
    pen.strokeStyle = rim;
    pen.stroke();
    if (isStale) {
      pen.lineWidth = 1.6;
      pen.strokeStyle = colour;
      pen.stroke();
    } else {
      pen.fillStyle = colour;
      pen.fill();
    }
  };
}

const circle: Draw = (pen, size) => pen.arc(size / 2, size / 2, size / 2 - 4, 0, 2 * Math.PI);

const triangle: Draw = (pen, size) => {
  const middle = size / 2;
  pen.moveTo(middle, 3);
  pen.lineTo(size - 3.5, size - 4);
  pen.lineTo(3.5, size - 4);
  pen.closePath();
};

const square: Draw = (pen, size) => pen.rect(4, 4, size - 8, size - 8);

const diamond: Draw = (pen, size) => {
  const middle = size / 2;
  pen.moveTo(middle, 2);
  pen.lineTo(size - 2, middle);
  pen.lineTo(middle, size - 2);
  pen.lineTo(2, middle);
  pen.closePath();
};

function cross(colour: string, rim: string): Draw {
  return (pen, size) => {
    for (const [lineWidth, stroke] of [
      [4, rim],
      [2, colour],
    ] as const) {
      pen.beginPath();
      pen.moveTo(4, 4);
      pen.lineTo(size - 4, size - 4);
      pen.moveTo(size - 4, 4);
      pen.lineTo(4, size - 4);
      pen.lineWidth = lineWidth;
      pen.strokeStyle = stroke;
      pen.stroke();
    }
  };
}

function level(fill: string, ink: string, text: string, palette: Palette, ring: boolean): Draw {
  return (pen, size) => {
    pen.beginPath();
    diamond(pen, size);
    pen.fillStyle = fill;
    pen.strokeStyle = ring ? palette.select : palette.outline;
    pen.lineWidth = ring ? 3 : 2;
    pen.fill();
    pen.stroke();
    pen.fillStyle = ink;
    pen.font = `700 ${Math.round(size * 0.44)}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, size / 2, size / 2 + 1);
  };
}

/** A ring around a post: thin grey when held, solid amber with one unit, hatched red when lost. */
function ring(palette: Palette, state: "held" | "edge" | "lost"): Draw {
  return (pen, size) => {
    const middle = size / 2;
    const radius = middle - 3;
    pen.beginPath();
    pen.arc(middle, middle, radius, 0, 2 * Math.PI);
    pen.strokeStyle = palette[state];
    pen.lineWidth = state === "held" ? 1.2 : 2.4;
    if (state === "lost") hatch(pen, size, palette.lost);
    if (state === "edge") {
      pen.globalAlpha = 0.22;
      pen.fillStyle = palette.edge;
      pen.fill();
      pen.globalAlpha = 1;
    }
    pen.stroke();
    pen.beginPath();
    pen.rect(middle - 1.5, middle - 1.5, 3, 3);
    pen.fillStyle = palette[state];
    pen.fill();
  };
}

function hatch(pen: CanvasRenderingContext2D, size: number, colour: string): void {
  pen.save();
  pen.clip();
  pen.globalAlpha = 0.85;
  const path = new Path2D();
  for (let x = -size; x < size; x += 6) {
    path.moveTo(x, size);
    path.lineTo(x + size, 0);
  }
  pen.lineWidth = 1.6;
  pen.strokeStyle = colour;
  pen.stroke(path);
  pen.restore();
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - 3, 0, 2 * Math.PI);
}

function pin(palette: Palette, text: string, isChosen: boolean): Draw {
  return (pen, size) => {
    pen.beginPath();
    pen.arc(size / 2, size / 2, size / 2 - 2, 0, 2 * Math.PI);
    pen.fillStyle = isChosen ? palette.select : palette.halo;
    pen.fill();
    pen.strokeStyle = palette.select;
    pen.lineWidth = 2;
    pen.stroke();
    pen.fillStyle = isChosen ? palette.halo : palette.text;
    pen.font = `700 ${Math.round(size * 0.52)}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, size / 2, size / 2 + 1);
  };
}

/** No entry: a bar on a red disc. */
function closedRoad(palette: Palette): Draw {
  return (pen, size) => {
    disc(pen, size, palette.lost, palette.outline);
    pen.fillStyle = palette.bar;
    pen.fillRect(size * 0.26, size * 0.42, size * 0.48, size * 0.16);
  };
}

/** Slower: two arrow heads down on an amber disc. */
function slowedRoad(palette: Palette): Draw {
  return (pen, size) => {
    disc(pen, size, palette.edge, palette.outline);
    pen.strokeStyle = palette.onLevel.two;
    pen.lineWidth = 2.2;
    for (const y of [0.32, 0.52]) {
      pen.beginPath();
      pen.moveTo(size * 0.3, size * y);
      pen.lineTo(size * 0.5, size * (y + 0.17));
      pen.lineTo(size * 0.7, size * y);
      pen.stroke();
    }
  };
}

function disc(pen: CanvasRenderingContext2D, size: number, fill: string, rim: string): void {
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - 2, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.strokeStyle = rim;
  pen.lineWidth = 2;
  pen.fill();
  pen.stroke();
}

const SHAPES = { ready: circle, under_way: triangle, on_scene: square } as const;
export const N_PINS = 9;

export function makeIcons(palette: Palette): Icon[] {
  const colours = {
    ready: palette.ready,
    under_way: palette.underWay,
    on_scene: palette.onScene,
  };
  const icons: Icon[] = [];
  const add = (name: string, size: number, paint: Draw): void => {
    icons.push({ name, image: draw(size, paint) });
  };
  for (const [name, path] of Object.entries(SHAPES)) {
    const colour = colours[name as keyof typeof colours];
    add(`unit-${name}`, 19, shape(path, colour, palette.outline, false));
    add(`unit-${name}-stale`, 19, shape(path, colour, palette.outline, true));
  }
  add("unit-away", 17, cross(palette.away, palette.outline));
  for (let n = 1; n <= 5; n += 1) {
    const kind = n === 1 ? "one" : n === 2 ? "two" : "other";
    const [fill, ink] = [palette.level[kind], palette.onLevel[kind]];
    add(`level-${n}`, 26, level(fill, ink, String(n), palette, false));
    add(`level-${n}-selected`, 38, level(fill, ink, String(n), palette, true));
  }
  for (const state of ["held", "edge", "lost"] as const) {
    add(`circle-${state}`, state === "held" ? 24 : 34, ring(palette, state));
  }
  for (let n = 1; n <= N_PINS; n += 1) add(`pin-${n}`, 24, pin(palette, String(n), false));
  add("road-closed", 24, closedRoad(palette));
  add("road-slowed", 24, slowedRoad(palette));
  add("pin-chosen", 28, pin(palette, "✓", true));
  return icons;
}
