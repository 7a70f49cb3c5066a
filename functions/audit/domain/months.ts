/** `2026-01` → `2026-02`, by months of the calendar. */
export function monthAfter(month: string, step: 1 | -1 = 1): string {
  const at = new Date(`${month}-01T00:00:00.000Z`);
  at.setUTCMonth(at.getUTCMonth() + step);
  return at.toISOString().slice(0, 7);
}

export const monthBefore = (month: string) => monthAfter(month, -1);

/** Of an id that is not ours nothing tells when it began; that is how far back it is looked for. */
const unknownBeginning = 24;

/** Its call began a little before the id was made. */
const slackMs = 60_000;

/** The month in which whatever has this id began: ours are of version 7, which begin with their time. */
export function firstMonthOf(id: string, now: Date): string {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id);
  const made = match === null ? Number.NaN : Number.parseInt(`${match[1]}${match[2]}`, 16) - slackMs;
  if (made >= 0 && made <= now.getTime()) return new Date(made).toISOString().slice(0, 7);
  const at = new Date(now.getTime());
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() - unknownBeginning);
  return at.toISOString().slice(0, 7);
}
