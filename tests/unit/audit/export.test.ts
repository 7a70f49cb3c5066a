import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditLog, auditRoutes } from '../../../contracts/audit/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { exportFormats } from '../../../functions/audit/domain/export-format.ts';
import { runExport } from '../../../functions/audit/export/run-export.ts';
import { exportChanged } from '../../../functions/audit/export-changed.ts';
import { createExportFiles } from '../../../functions/audit/store/export-files.ts';
import { createExportStore } from '../../../functions/audit/store/export-store.ts';
import { exportAuditLogs, readExport } from '../../../functions/audit/use-cases/export-audit-logs.ts';
import type { Call } from '../../../functions/platform/api/call.ts';
import type { Item, Write } from '../../../functions/platform/table/types.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { idAt, rowItem, sampleRow } from './sample-rows.ts';
import { storesOf } from './verify-all.ts';

const workspaceId = idAt(Date.parse('2026-01-20T08:00:00.000Z'), seededRandom(1));
const now = new Date('2026-02-20T00:00:00.000Z');

let table: MemoryTable;
let bucket: MemoryBucket;
beforeEach(() => {
  table = createMemoryTable();
  bucket = createMemoryBucket();
});

async function fill(count: number, fields: Partial<AuditLog> = {}): Promise<AuditLog[]> {
  const random = seededRandom(3);
  const begin = Date.parse('2026-01-25T00:00:00.000Z');
  const rows = Array.from({ length: count }, (_, nth) =>
    sampleRow({
      at: begin + nth * 500,
      random,
      fields: { workspace_id: random() < 0.7 ? workspaceId : null, ...fields },
    }),
  );
  for (const row of rows) table.put(rowItem(row));
  for (let at = 0; at < count; at += 100) await chainRows(storesOf(table), rows.slice(at, at + 100));
  return rows.toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));
}

const dependencies = () => ({
  ...storesOf(table),
  exports: createExportStore(table),
  files: createExportFiles(bucket),
  tableDays: 0,
  newId: randomUUID,
  milliseconds: () => performance.now(),
});

const call = (role = 'admin') =>
  ({
    now,
    caller: { role },
    newId: () => '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
    async commit(writes: Write[], answer: unknown) {
      for (const write of writes) if ('put' in write) table.put(write.put);
      return answer;
    },
  }) as unknown as Call;

type Route = (typeof auditRoutes)['audit.export'];
const ask = async (
  query: Partial<InputOf<Route>['query']> = {},
  role?: string,
  more: Partial<ReturnType<typeof dependencies>> = {},
) => {
  const input = { query: { format: 'ndjson', ...query } } as InputOf<Route>;
  const { data } = await exportAuditLogs({ ...dependencies(), ...more })(input, call(role));
  if (data === undefined) throw new Error('an export answers data');
  return data;
};
const poll = async (id: string, at = now) => {
  const input = { params: { id }, query: {} } as InputOf<(typeof auditRoutes)['audit.read_export']>;
  return (await readExport(dependencies())(input, { ...call(), now: at } as Call)).data;
};

const fileOf = (id: string, format = 'ndjson') =>
  Buffer.from(bucket.objects.get(`exports/${id}.${format}`) ?? []).toString('utf8');
const idsIn = (text: string) => text.split('\n').flatMap((one) => (one === '' ? [] : [JSON.parse(one).id as string]));
const idsOf = (rows: readonly AuditLog[]) => rows.map(({ id }) => id);

/** What the stream would ask for of the export as it stands. */
const due = (id: string, before?: Item) => {
  const after = table.partitions.get('EXPORT#all')?.get(id) as Item;
  const change = { type: 'export', event: 'MODIFY', after, id: 'e', at: '', ...(before && { before }) } as const;
  return exportChanged(change).flatMap((effect) => ('notify' in effect ? [effect.notify] : []));
};

describe('a small export', () => {
  it('is ready at once, oldest first, with a link of 15 minutes', async () => {
    const rows = await fill(300);
    const { id, ...answer } = await ask();
    expect(answer).toEqual({
      status: 'ready',
      format: 'ndjson',
      rows: 300,
      url: `https://bucket.example/exports/${id}.ndjson?seconds=900`,
      expires_at: '2026-02-20T00:15:00.000Z',
    });
    expect(idsIn(fileOf(id))).toEqual(idsOf(rows));
    expect(await poll(id)).toEqual({ id, ...answer });
    expect(due(id)).toEqual([]);
  });

  it('holds what its filters let pass, of one workspace or of all', async () => {
    const rows = await fill(200);
    const { id, rows: count } = await ask({
      workspace_id: workspaceId,
      start_time: rows[50]?.created_at,
      success: true,
    });
    const fits = rows.filter((row) => row.workspace_id === workspaceId && row.success);
    const wanted = fits.filter(({ created_at }) => created_at >= String(rows[50]?.created_at));
    expect(wanted.length).toBeGreaterThan(10);
    expect([count, idsIn(fileOf(id))]).toEqual([wanted.length, idsOf(wanted)]);
  });

  it('of everything is refused without audit:read', async () => {
    await expect(ask({}, 'user')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('an export that is small, and slow to read', () => {
  it('is begun in the call and made behind it', async () => {
    const rows = await fill(300);
    let at = 0;
    const slow = () => {
      at += 2_500;
      return at;
    };
    const { id, status } = await ask({}, 'admin', { milliseconds: slow });
    expect([status, fileOf(id)]).toEqual(['pending', '']);
    for (const event of due(id)) if (event.type === 'export_due') await runExport(dependencies())(event);
    expect(await poll(id)).toMatchObject({ status: 'ready', rows: 300 });
    expect(idsIn(fileOf(id))).toEqual(idsOf(rows));
  });
});

describe('a large export', () => {
  it.each([
    ['in one stretch of work', 1_000_000],
    ['in many, each with its part', 0],
  ])('is made %s, each row once, and then ready', async (_, legMs) => {
    const rows = await fill(2_600);
    const { id, ...answer } = await ask();
    expect(answer).toEqual({ status: 'pending', format: 'ndjson', url: null, expires_at: null, rows: null });
    const run = runExport({ ...dependencies(), milliseconds: () => performance.now(), partBytes: 50_000, legMs });
    let legs = 0;
    for (let events = due(id); events[0]?.type === 'export_due'; legs += 1) {
      const before = table.partitions.get('EXPORT#all')?.get(id) as Item;
      // Events are delivered again.
      await run(events[0]);
      await run(events[0]);
      events = due(id, before);
    }
    expect(legs > 1).toBe(legMs === 0);
    expect(idsIn(fileOf(id))).toEqual(idsOf(rows));
    expect(await poll(id)).toMatchObject({ status: 'ready', rows: 2_600 });
  });

  it('is ready where the work was cut off between the end of its file and the note of it', async () => {
    const rows = await fill(2_600);
    const { id } = await ask();
    const all = dependencies();
    let lost = 0;
    const exports: typeof all.exports = {
      ...all.exports,
      async advance(job, leg) {
        if (job.status === 'ready' && lost === 0) {
          lost += 1;
          throw new Error('cut off');
        }
        return all.exports.advance(job, leg);
      },
    };
    const run = runExport({ ...all, exports, milliseconds: () => performance.now(), partBytes: 50_000, legMs: 0 });
    for (let events = due(id); events[0]?.type === 'export_due'; ) {
      const before = table.partitions.get('EXPORT#all')?.get(id) as Item;
      await run(events[0]).catch(() => run(events[0] as never));
      events = due(id, before);
    }
    expect(lost).toBe(1);
    expect(idsIn(fileOf(id))).toEqual(idsOf(rows));
    expect(await poll(id)).toMatchObject({ status: 'ready', rows: 2_600 });
  });

  it.each([1, 2])(
    'holds each row once when stretch %i is worked on by two at once, who end at different rows',
    async (twice) => {
      const rows = await fill(2_600);
      const { id } = await ask();
      const all = dependencies();
      const runFor = (legMs: number, advance: typeof all.exports.advance) => {
        let clock = 0;
        const milliseconds = () => {
          clock += 1;
          return clock;
        };
        return runExport({ ...all, exports: { ...all.exports, advance }, milliseconds, legMs });
      };
      let others = 0;
      for (let events = due(id); events[0]?.type === 'export_due'; ) {
        const [event] = events;
        const before = table.partitions.get('EXPORT#all')?.get(id) as Item;
        // The other comes further, leaves its rest last, and is told that it is not the first.
        await runFor(1, async (job, leg) => {
          if (leg === twice) {
            others += 1;
            await runFor(3, async () => false)(event);
          }
          return all.exports.advance(job, leg);
        })(event);
        events = due(id, before);
      }
      expect(others).toBe(1);
      expect(idsIn(fileOf(id))).toEqual(idsOf(rows));
      expect(await poll(id)).toMatchObject({ status: 'ready', rows: 2_600 });
    },
  );

  it('goes on where the version before, which had one key for what a stretch leaves, ended one', async () => {
    const rows = await fill(2_600);
    const { id } = await ask();
    const run = runExport({ ...dependencies(), legMs: 0 });
    for (let events = due(id); events[0]?.type === 'export_due'; ) {
      const before = table.partitions.get('EXPORT#all')?.get(id) as Item;
      await run(events[0]);
      events = due(id, before);
      const item = table.partitions.get('EXPORT#all')?.get(id) as Item;
      const { rest, ...job } = JSON.parse(String(item['job']));
      if (rest !== undefined) bucket.objects.set(`exports/${id}.rest`, bucket.objects.get(rest) as Uint8Array);
      table.put({
        ...item,
        job: JSON.stringify({ ...job, ...(job.status === 'pending' && { rest: rest !== undefined }) }),
      });
    }
    expect(idsIn(fileOf(id))).toEqual(idsOf(rows));
  });

  it('has failed when it is not there after an hour', async () => {
    await fill(2_001);
    const { id } = await ask();
    expect(await poll(id, new Date(now.getTime() + 3_600_000))).toMatchObject({ status: 'pending' });
    expect(await poll(id, new Date(now.getTime() + 3_600_001))).toMatchObject({ status: 'failed', url: null });
  });
});

it('is forgotten with its file, a week later', async () => {
  await fill(10);
  const { id } = await ask();
  expect(await poll(id, new Date(now.getTime() + 7 * 86_400_000 - 1))).toMatchObject({ status: 'ready' });
  await expect(poll(id, new Date(now.getTime() + 7 * 86_400_000))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('a line of CSV', () => {
  const { begin, line } = exportFormats.csv;
  const cellOf = (user_agent: string) =>
    line(sampleRow({ fields: { user_agent } }))
      .split(',')
      .slice(9, -2)
      .join(',');

  it('follows a header, ends as RFC 4180 says, and has as many cells', () => {
    const text = begin + line(sampleRow({ fields: { workspace_id: null, resource_id: null, user_agent: 'curl' } }));
    const [header = '', row = '', end] = text.split('\r\n');
    expect(header).toBe(
      'id,user_id,action,resource,resource_id,workspace_id,success,status,ip_address,user_agent,request_id,created_at',
    );
    expect([row.split(',').length, end]).toEqual([12, '']);
  });

  it.each([
    ['curl/8', 'curl/8'],
    ['a "b", c', '"a ""b"", c"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['\t=1', "'\t=1"],
    ['한글', '한글'],
  ])('writes %j as text that no spreadsheet runs', (value, cell) => {
    expect(cellOf(value)).toBe(cell);
  });
});
