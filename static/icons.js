// @ts-check
/**
 * Draws the icons: a shield with a tick whose long stroke is a pen's. SVG for whoever can read it,
 * PNG (RFC 2083, by our own few lines) for home screens.
 */
import { deflateSync } from "node:zlib";

const BLUE = [25, 71, 143];
const WHITE = [255, 255, 255];
// In a square of 100: the shield's outline, the tick and the nib.
const SHIELD = "M50 10 84 21v27c0 21-14 35-34 43C30 83 16 69 16 48V21Z";
const TICK = [
  [34, 50],
  [46, 62],
  [67, 36],
];

export function svgIcon() {
  const points = TICK.map((point) => point.join(" ")).join(" ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" rx="22" fill="${hex(BLUE)}"/><path d="${SHIELD}" fill="#fff"/><polyline points="${points}" fill="none" stroke="${hex(BLUE)}" stroke-width="9" stroke-linecap="round" stroke-linejoin="round"/><circle cx="71" cy="31" r="5.5" fill="${hex([0, 122, 67])}"/></svg>\n`;
}

/** A square PNG. A maskable one has no corners of its own and keeps its mark in the middle. @param {number} size @param {boolean} maskable */
export function pngIcon(size, maskable) {
  const rows = new Uint8Array(size * (1 + size * 4));
  const scale = maskable ? 0.72 : 1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      // Four samples a pixel are enough to smooth the edges.
      const sum = [0, 0, 0, 0];
      for (const [dx, dy] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ]) {
        const u = ((x + dx) / size) * 100;
        const v = ((y + dy) / size) * 100;
        const colour = colourAt(u, v, scale, maskable);
        for (let i = 0; i < 4; i++) sum[i] += colour[i] / 4;
      }
      rows.set(sum.map(Math.round), y * (1 + size * 4) + 1 + x * 4);
    }
  }
  return png(size, rows);
}

/** @param {number} u @param {number} v @param {number} scale @param {boolean} maskable */
function colourAt(u, v, scale, maskable) {
  const x = (u - 50) / scale + 50;
  const y = (v - 50) / scale + 50;
  if (Math.hypot(x - 71, y - 31) < 5.5) return [0, 122, 67, 255];
  if (nearTick(x, y) < 4.5) return [...BLUE, 255];
  if (inShield(x, y)) return [...WHITE, 255];
  return maskable || inRounded(u, v, 22) ? [...BLUE, 255] : [0, 0, 0, 0];
}

/** @param {number} x @param {number} y */
function inShield(x, y) {
  const half = Math.abs(x - 50);
  if (y < 10 || half > 34) return false;
  if (y < 48) return y - 10 > (half / 34) * 11;
  // The two Bezier curves of the lower half, walked by their parameter.
  const t = walk((s) => bezier(s, 48, 69, 83, 91) - y);
  return half <= bezier(t, 34, 34, 20, 0);
}

/** @param {(s: number) => number} difference rising from below to above zero */
function walk(difference) {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (difference(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}

/** @param {number} t @param {number} a @param {number} b @param {number} c @param {number} d */
const bezier = (t, a, b, c, d) =>
  a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t ** 2 * (1 - t) + d * t ** 3;

/** @param {number} x @param {number} y */
function nearTick(x, y) {
  const parts = [
    [TICK[0], TICK[1]],
    [TICK[1], TICK[2]],
  ];
  return Math.min(...parts.map(([from, to]) => distance(x, y, from, to)));
}

/** @param {number} x @param {number} y @param {number[]} from @param {number[]} to */
function distance(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** @param {number} x @param {number} y @param {number} r */
function inRounded(x, y, r) {
  const dx = Math.max(r - x, x - (100 - r), 0);
  const dy = Math.max(r - y, y - (100 - r), 0);
  return Math.hypot(dx, dy) <= r;
}

/** @param {number[]} colour */
const hex = (colour) => `#${colour.map((one) => one.toString(16).padStart(2, "0")).join("")}`;

/** @param {number} size @param {Uint8Array} rows each begins with its filter, 0 */
function png(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {string} name @param {Buffer} data */
function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
