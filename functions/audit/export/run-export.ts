import type { InternalEventOf } from '../../../contracts/internal-events.ts';
import { type ExportJob, restKey } from '../domain/export.ts';
import { exportFormats } from '../domain/export-format.ts';
import type { AuditStores, ExportFiles, ExportStore } from '../ports.ts';
import { exportRows } from '../use-cases/export-rows.ts';

export interface RunDependencies extends Pick<AuditStores, 'rows' | 'index'> {
  exports: ExportStore;
  files: ExportFiles;
  /** Of this run, unlike any other's. */
  newId: () => string;
  /** From any origin. */
  milliseconds: () => number;
  /** S3 takes no part under 5 MB, but for the last. */
  partBytes?: number;
  /** After which a stretch of work ends and the next one begins. */
  legMs?: number;
}

/**
 * One stretch of the work on a large export: rows are read, written as lines and uploaded in parts, so that it never holds more than a part and what one read
 * brings. When its time is up it notes how far it came, and the stream asks for the next stretch. Done twice, also at once, it makes the same file:
 * the run that is first notes what it left.
 */
export const runExport =
  ({ exports, files, newId, milliseconds, partBytes = 8 << 20, legMs = 150_000, ...stores }: RunDependencies) =>
  async ({
    scope,
    export_id: id,
    leg,
  }: Pick<InternalEventOf<'export_due'>, 'scope' | 'export_id' | 'leg'>): Promise<void> => {
    const job = await exports.get(scope, id);
    if (job?.status !== 'pending' || job.leg !== leg) return;
    const began = milliseconds();
    const { begin, line } = exportFormats[job.format];
    // A try of this stretch that ended right behind the file's completion: its upload is no more, and the rows are only counted.
    const isWritten = job.upload !== undefined && (await files.isWritten(job));
    const upload = isWritten ? undefined : await files.upload(job);
    const rest = job.rest === undefined ? undefined : await files.readRest(job.rest);
    let lines: Uint8Array[] = [rest ?? Buffer.from(leg === 1 ? begin : '')];
    let bytes = lines[0]?.length ?? 0;
    let { rows } = job;
    const flush = async () => {
      await upload?.send(Buffer.concat(lines));
      [lines, bytes] = [[], 0];
    };
    for await (const piece of exportRows(stores, job)) {
      for (const row of piece.rows) {
        const text = Buffer.from(line(row));
        lines.push(text);
        bytes += text.length;
        rows += 1;
        if (bytes >= partBytes) await flush();
      }
      if (upload === undefined || piece.reached === undefined || milliseconds() - began < legMs) continue;
      const left = bytes > 0 ? restKey(job, newId()) : undefined;
      if (left !== undefined) await files.writeRest(left, Buffer.concat(lines));
      const next: ExportJob = {
        ...job,
        rows,
        leg: leg + 1,
        from: piece.reached,
        upload: upload.state(),
        rest: left,
      };
      await exports.advance(next, leg);
      return;
    }
    if (bytes > 0 || upload?.state().tags.length === 0) await flush();
    await upload?.complete();
    await exports.advance({ ...job, rows, status: 'ready', upload: undefined, from: undefined, rest: undefined }, leg);
  };
