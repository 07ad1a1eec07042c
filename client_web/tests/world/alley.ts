/** A small alley, as the server tells it. */

const text = (en: string) => ({ en, de: `${en} (de)`, ja: `${en} (ja)` });
const spawn = (x: number) => [[x, 0, 0], 0];
const transform = [[0, 0, 0], [0, 0, 0, 1], 1];
const asset = ['ab'.repeat(32), 'glb', 1000];

export function room(...stalls: string[]): unknown[] {
  const lane = [
    'lane',
    text('Lantern Lane'),
    text('A lane.'),
    [-20, 0, -60],
    [20, 8, 10],
    [spawn(0)],
    [],
    [],
    [],
    [],
    1,
  ];
  const directory = stalls.map((id, index) => [
    id,
    text(`Stall ${id}`),
    text(`Craft ${id}`),
    `Maker of ${id}`,
    0x8e2f2f,
    spawn(10 * (index + 1)),
    2,
  ]);
  return [39, lane, directory, 4.5];
}

function exhibit(stall: string, number: number): unknown[] {
  const price = number === 1 ? 4850 : null;
  const id = `${stall}-${number}`;
  return [
    id,
    stall,
    number,
    text(`Piece ${id}`),
    text(`About ${id}`),
    text('Clay, glaze'),
    price,
    'EUR',
    [8.5, 7, 8.5],
    asset,
    transform,
    1,
  ];
}

export function sceneCell(column: number, stall: string): unknown[] {
  const one = [
    stall,
    `plot-${stall}`,
    text(`Stall ${stall}`),
    text(`Craft ${stall}`),
    `Maker of ${stall}`,
    text(`About ${stall}`),
    0x8e2f2f,
    [],
    spawn(10),
    transform,
    [1.5, 0.5],
    [],
    [],
    1,
  ];
  return [column, 0, 1, [one], [exhibit(stall, 2), exhibit(stall, 1)]];
}
