// Makes counties.toml: the outlines of California's 58 counties for a map of about 440 by 510 points.
//
//   npm install --no-save us-atlas@3.0.1 topojson-client@3.1.0 topojson-simplify@3.0.3
//   node reports/us-ca/counties.mjs > reports/us-ca/counties.toml
//
// The boundaries are the cartographic boundary files of the US Census Bureau, 2017 edition, which are in the public
// domain; us-atlas carries them as TopoJSON. They are projected here (California Albers: standard parallels 34 and
// 40.5 degrees, central meridian 120 degrees west), simplified together, so that neighbours keep one line between
// them, and written as whole tenths of a point.
import fs from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(process.cwd() + '/');
const { feature } = await import(require.resolve('topojson-client'));
const { presimplify, simplify } = await import(require.resolve('topojson-simplify'));

const WIDE = 4400;      // tenths of a point
const LEAST_AREA = 900; // an island below it, in square tenths, is left out, if it is not all of its county
const LEAST_BEND = 130; // a corner below it, in square tenths, is cut off

const atlas = JSON.parse(fs.readFileSync(require.resolve('us-atlas/counties-10m.json')));
const counties = atlas.objects.counties.geometries.filter((it) => String(it.id).padStart(5, '0').startsWith('06'));
if (counties.length !== 58) throw new Error(`58 counties are wanted, there are ${counties.length}`);

// Albers' conic on the sphere.
const rad = Math.PI / 180;
const [one, two, lat0, lon0] = [34 * rad, 40.5 * rad, 37 * rad, -120 * rad];
const n = (Math.sin(one) + Math.sin(two)) / 2;
const c = Math.cos(one) ** 2 + 2 * n * Math.sin(one);
const rho = (lat) => Math.sqrt(c - 2 * n * Math.sin(lat)) / n;
const albers = ([lon, lat]) => {
  const theta = n * (lon * rad - lon0);
  return [rho(lat * rad) * Math.sin(theta), -(rho(lat0) - rho(lat * rad) * Math.cos(theta))];
};

// Arcs as absolute points, projected.
const { scale: [kx, ky], translate: [dx, dy] } = atlas.transform;
const arcs = atlas.arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([a, b]) => { x += a; y += b; return albers([x * kx + dx, y * ky + dy]); });
});
const used = new Set();
const walk = (it) => Array.isArray(it) ? it.forEach(walk) : used.add(it < 0 ? ~it : it);
counties.forEach((county) => walk(county.arcs));
let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
for (const at of used) for (const [x, y] of arcs[at]) {
  [left, right] = [Math.min(left, x), Math.max(right, x)];
  [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
}
const scale = WIDE / (right - left);
const high = Math.ceil((bottom - top) * scale);
const placed = arcs.map((arc) => arc.map(([x, y]) => [(x - left) * scale, (y - top) * scale]));
const topology = simplify(
  presimplify({ type: 'Topology', arcs: placed, objects: { counties: { type: 'GeometryCollection', geometries: counties } } }),
  LEAST_BEND,
);

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], at) => {
  const [a, b] = ring[(at + 1) % ring.length];
  return sum + x * b - a * y;
}, 0)) / 2;
const path = (ring) => {
  const points = ring.map(([x, y]) => [Math.round(x), Math.round(y)]);
  let [x, y] = points[0];
  let text = `M${x} ${y}l`;
  const steps = [];
  for (const [a, b] of points.slice(1, -1)) {
    if (a !== x || b !== y) steps.push(`${a - x} ${b - y}`);
    [x, y] = [a, b];
  }
  return text + steps.join(' ').replaceAll(' -', '-') + 'z';
};

const lines = [];
for (const county of feature(topology, topology.objects.counties).features) {
  const { geometry } = county;
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const sorted = polygons.map((rings) => rings[0]).sort((a, b) => area(b) - area(a));
  const rings = sorted.filter((ring, at) => at === 0 || area(ring) >= LEAST_AREA);
  const fips = String(county.id).padStart(5, '0');
  lines.push([county.properties.name, fips, rings.map(path).join('')]);
}
lines.sort((a, b) => (a[0] < b[0] ? -1 : 1));
console.log(`# The outlines of California's 58 counties. Made by counties.mjs beside it; do not edit by hand.
source = "US Census Bureau, cartographic boundary files, 2017 edition (public domain), as carried by us-atlas 3.0.1"
projection = "Albers' equal-area conic, standard parallels 34 and 40.5 degrees north, central meridian 120 degrees west"
# In tenths of a point.
wide = ${WIDE}
high = ${high}`);
for (const [name, fips, outline] of lines) {
  console.log(`\n[[county]]\nname = "${name}"\nfips = "${fips}"\noutline = "${outline}"`);
}
