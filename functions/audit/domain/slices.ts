/** The things in their order, so many at a time; the last slice has what is left. */
export const slices = <Thing>(things: readonly Thing[], size: number): Thing[][] =>
  Array.from({ length: Math.ceil(things.length / size) }, (_, nth) => things.slice(nth * size, (nth + 1) * size));
