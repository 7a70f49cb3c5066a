import { key } from '../../platform/table/key.ts';
import type { Table } from '../../platform/table/types.ts';
import type { ArchiveJob, ArchiveState } from '../domain/archive.ts';
import type { ArchiveNotes } from '../ports.ts';
import { archivePartition } from './keys.ts';

/** A day's work that was begun is taken up by the next tick, or by one of the next. */
const keptSeconds = 60 * 86_400;

const stateKey = { pk: archivePartition, sk: 'STATE' };
const jobKey = (day: string) => ({ pk: archivePartition, sk: key('WRITING', day) });
const expiryKey = (day: string) => ({ pk: archivePartition, sk: key('EXPIRING', day) });
const endOf = (now: Date) => Math.floor(now.getTime() / 1_000) + keptSeconds;

export const createArchiveNotes = (table: Table): ArchiveNotes => ({
  async state() {
    const item = await table.get(stateKey);
    return (
      item && { first: String(item['first']), archived: String(item['archived']), expired: String(item['expired']) }
    );
  },
  async saveState({ first, archived, expired }: ArchiveState) {
    await table.write({ put: { ...stateKey, first, archived, expired } });
  },
  async job(day) {
    const item = await table.get(jobKey(day));
    return item && (JSON.parse(String(item['job'])) as ArchiveJob);
  },
  async saveJob(job, now) {
    await table.write({ put: { ...jobKey(job.day), job: JSON.stringify(job), ttl: endOf(now) } });
  },
  async expiredParts(day) {
    return Number((await table.get(expiryKey(day)))?.['parts'] ?? 0);
  },
  async saveExpiredParts(day, parts, now) {
    await table.write({ put: { ...expiryKey(day), parts, ttl: endOf(now) } });
  },
});
