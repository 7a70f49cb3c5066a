import { type Manifest, rowsIn } from '../domain/archive.ts';
import { type CheckedPart, checkPart } from '../domain/archive-part.ts';
import type { ArchiveFiles, ArchiveNotes, RowExpiry } from '../ports.ts';

export interface ExpiryDependencies {
  files: ArchiveFiles;
  notes: ArchiveNotes;
  expiry: RowExpiry;
}

async function readPart(files: ArchiveFiles, { day, parts }: Manifest, at: number): Promise<CheckedPart> {
  const part = parts[at];
  if (part === undefined) throw new Error(`cannot read part ${at} of ${day}: it has ${parts.length}`);
  const checked = checkPart(day, await files.part(part));
  if (checked.wrong.length > 0 || checked.rows.length !== part.rows)
    throw new Error(`cannot let ${day} expire: ${part.key} ${checked.wrong[0] ?? `has ${checked.rows.length} rows`}`);
  return checked;
}

/**
 * Gives the rows of an archived day an end in the table. Which ones it takes from the bucket: a row that can't be read back from there, whole and as its chain
 * recorded it, keeps on lying in the table. First all is read, then the bucket says that rows may be missing, then they get their end.
 */
export const expireDay =
  ({ files, notes, expiry }: ExpiryDependencies) =>
  async (
    manifest: Manifest,
    { now, isSpent }: { now: Date; isSpent: () => boolean },
  ): Promise<'expired' | 'unfinished'> => {
    const { day, parts } = manifest;
    let done = await notes.expiredParts(day);
    if (done === 0) {
      for (const at of parts.keys()) await readPart(files, manifest, at);
      await files.markExpired(manifest, now.toISOString());
    }
    for (; done < parts.length; done += 1) {
      if (isSpent()) return 'unfinished';
      const { rows } = await readPart(files, manifest, done);
      await expiry.expireRows(rows, now);
      await notes.saveExpiredParts(day, done + 1, now);
    }
    if (rowsIn(manifest) > 0) await expiry.expireIndex(day, now);
    return 'expired';
  };
