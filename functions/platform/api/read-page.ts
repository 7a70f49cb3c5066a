/** Where an entry stands in its trail: text that sorts as the trail does. */
type Position = string;

/** A stretch of a trail, in the order asked for. */
export interface Piece<Entry> {
  entries: readonly Entry[];
  /** Reading goes on strictly beyond it. */
  reached: Position;
}

export interface PageRequest {
  limit: number;
  /** Matching entries to pass over first. */
  skip: number;
  /** Go on after the page to know whether there are this many matches; 0 asks for no count. */
  countTo: number;
}

export interface TrailPage<Entry> {
  entries: Entry[];
  /** Matches met: all there are when `ended`. */
  matched: number;
  ended: boolean;
  /** Where the next page begins, strictly beyond, and what is left to skip then; absent when there is none. */
  next?: { position: Position; skip: number };
}

/** What one page may read at most: 2,500 rows are about 1.1 MB, 140 RCU. Behind it a page is short, and has a next one. */
export const readCap = { entries: 2_500, pieces: 24 };

/** Reads a trail until the page is full and counted, the trail ends or the cap is reached. */
export async function readPage<Entry extends { position: Position }>(
  pieces: AsyncIterable<Piece<Entry>>,
  { limit, skip, countTo }: PageRequest,
  matches: (entry: Entry) => boolean,
): Promise<TrailPage<Entry>> {
  // One more than the page holds tells whether there is a next one.
  const enough = Math.max(skip + limit + 1, countTo);
  const found: Entry[] = [];
  let matched = 0;
  let read = { entries: 0, pieces: 0 };
  let reached: Position | undefined;
  const stop = (ended: boolean): TrailPage<Entry> => {
    const full = matched > skip + limit;
    const last = found.at(-1)?.position;
    const page = { entries: found, matched, ended };
    if (full && last !== undefined) return { ...page, next: { position: last, skip: 0 } };
    if (ended || reached === undefined) return page;
    return { ...page, next: { position: reached, skip: Math.max(0, skip - matched) } };
  };
  for await (const piece of pieces) {
    for (const entry of piece.entries) {
      if (!matches(entry)) continue;
      matched += 1;
      if (matched > skip && found.length < limit) found.push(entry);
      if (matched >= enough) return stop(false);
    }
    reached = piece.reached;
    read = { entries: read.entries + piece.entries.length, pieces: read.pieces + 1 };
    if (read.entries >= readCap.entries || read.pieces >= readCap.pieces) return stop(false);
  }
  return stop(true);
}
