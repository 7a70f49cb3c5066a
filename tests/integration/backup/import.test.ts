import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { createRowConsumer } from '../../../functions/audit/chain/consume-rows.ts';
import { hoursDue } from '../../../functions/compute/timers/watermark.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import { compareImport, importTable } from '../../../infra/commands/backup/import-table.ts';
import { wipeTable } from '../../../infra/commands/backup/wipe-table.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { beginning, rowItem, sampleRow } from '../../unit/audit/sample-rows.ts';
import { storesOf, verifyAll } from '../../unit/audit/verify-all.ts';
import { type BackupWorld, changesIn, createBackupWorld, itemsIn, withStream } from './backup-world.ts';

let backend: Backend;
let world: BackupWorld;
beforeAll(async () => {
  backend = await startBackend();
  world = createBackupWorld(backend);
}, 60_000);
afterAll(() => backend?.stop());

async function filled(items: readonly Item[]) {
  const made = await world.makeTable();
  for (const put of items) await made.table.write({ put });
  return made;
}

const workspace = { pk: 'WS#a', sk: 'WS', type: 'workspace', id: 'a', name: 'A', version: 4 };
const vm = { pk: 'WS#a', sk: 'VM#b', type: 'vm', id: 'b', workspace_id: 'a', status: 'stopping', version: 7, run: 5 };
const admins = { pk: 'SYSTEM', sk: 'ADMINS', ids: new Set(['u']) };
const principal = { pk: 'PRINCIPAL#u', sk: 'PRINCIPAL', ws: { a: 'o' }, ss: { s: 'open' }, lease: 'x', owned: 1 };
const run = new Date('2026-03-01T00:00:00.000Z');
const step = (run.getTime() - Date.UTC(2026, 0, 1)) / 1_000;

describe('a table that a stage has been deployed with', () => {
  const byItself: Item[] = [
    { pk: 'TIMER', sk: 'WATERMARK', hour: '2026-03-01T09' },
    { pk: 'ADDRESS#203.0.113.7', sk: 'LIMIT#anonymous', n: 1 },
    { pk: 'CONNECTION#c', sk: 'CONNECTION' },
    { pk: 'AUDITARCHIVE', sk: 'STATE' },
  ];

  it('counts as empty, whatever its clocks and its callers have left there', async () => {
    const file = await world.exported((await filled([workspace, principal])).backup);
    const { table, backup } = await filled(byItself);
    await importTable(backup, file);
    expect(await table.get({ pk: 'WS#a', sk: 'WS' })).toMatchObject({ name: 'A' });
  });

  it('looks for timers from the first hour that the backup has any in', async () => {
    const timer = { pk: 'TIMER#2026-02-27T08', sk: '2026-02-27T08:30#vm_stop#b', workspace_id: 'a' };
    const source = await filled([timer, { pk: 'TIMER', sk: 'WATERMARK', hour: '2026-02-28T23' }]);
    const file = await world.exported(source.backup);
    const { table, backup } = await filled(byItself);
    await importTable(backup, file);
    expect((await hoursDue(table, new Date('2026-03-01T09:00:00.000Z')))[0]).toBe('2026-02-27T08');
  });
});

it('what is missing of a backup, or has changed, is named, into a full table, too', async () => {
  const others = [1, 2, 3].map((nth) => ({ pk: `USER#${nth}`, sk: 'USER', name: `user ${nth}` }));
  const file = await world.exported((await filled([workspace, ...others])).backup);
  const { table, backup } = await filled([{ pk: 'WS#before', sk: 'WS' }]);
  await importTable(backup, file, { intoFull: true, run });
  expect(await compareImport(backup, file, { run })).toEqual({ items: 4, missing: [], changed: [] });
  await table.write({ delete: { pk: 'USER#2', sk: 'USER' } });
  await table.write({ put: { pk: 'USER#3', sk: 'USER', name: 'another' } });
  expect(await compareImport(backup, file, { run })).toEqual({
    items: 4,
    missing: ['USER#2 USER'],
    changed: ['USER#3 USER'],
  });
});

describe('what an import changes of an item', () => {
  const teardown = { state: 'failed', asked_by: 'u', run: 3 };

  it('is the versions of VMs and workspaces, by which executions are named, and the sessions of principals', async () => {
    const file = await world.exported((await filled([{ ...workspace, teardown }, vm, principal])).backup);
    const { table, backup } = await world.makeTable();
    await importTable(backup, file, { run });
    expect(await table.get({ pk: 'WS#a', sk: 'WS' })).toEqual({
      ...workspace,
      version: 4 + step,
      teardown: { ...teardown, run: 3 + step },
    });
    expect(await table.get({ pk: 'WS#a', sk: 'VM#b' })).toEqual({ ...vm, version: 7 + step, run: 5 + step });
    expect(await table.get({ pk: 'PRINCIPAL#u', sk: 'PRINCIPAL' })).toEqual({
      pk: 'PRINCIPAL#u',
      sk: 'PRINCIPAL',
      ws: { a: 'o' },
      ss: {},
      owned: 1,
    });
  });

  const pending = {
    ...vm,
    sk: 'VM#c',
    id: 'c',
    status: 'pending',
    given_up: false,
    launch: 'sent',
    busy_since: 'then',
  };
  const imported = { version: 7 + step, run: 5 + step };
  const { busy_since: _, ...rest } = pending;

  it('is the state of a VM that was being created, with its count, so that nothing is launched, and no machine ended', async () => {
    const known = { ...pending, sk: 'VM#d', id: 'd', given_up: true, instance_id: 'i-1' };
    const started = { ...known, sk: 'VM#e', id: 'e', status: 'error', busy_since: undefined };
    const unknown = { ...vm, sk: 'VM#f', id: 'f', status: 'error', given_up: true, launch: 'sent' };
    const counts = { pk: 'SYSTEM', sk: 'COUNTS', vms_pending: 2, vms_stopping: 1 };
    const source = await filled(
      [counts, vm, pending, known, started, unknown].map((item) => JSON.parse(JSON.stringify(item))),
    );
    const file = await world.exported(source.backup);
    const { table, backup } = await world.makeTable();
    await importTable(backup, file, { run });
    const error = { status: 'error', given_up: false };
    const restored = { ...error, status_reason: 'RESTORED' };
    const of = (id: string) => table.get({ pk: 'WS#a', sk: `VM#${id}` });
    expect(await of('c')).toEqual({ ...rest, ...imported, ...restored, launch: 'none' });
    expect(await of('d')).toEqual({ ...rest, sk: 'VM#d', id: 'd', instance_id: 'i-1', ...imported, ...restored });
    expect(await of('e')).toMatchObject({ ...error, instance_id: 'i-1', launch: 'sent' });
    expect(await of('f')).toEqual({ ...unknown, ...imported });
    expect(await table.get({ pk: 'SYSTEM', sk: 'COUNTS' })).toEqual({
      ...counts,
      vms_pending: 0,
      vms_error: 2,
    });
    expect(await compareImport(backup, file, { run })).toEqual({ items: 6, missing: [], changed: [] });
  });

  it('is the deletion of an expired VM, which becomes a stop at its time', async () => {
    const timer = (kind: string, more: object = {}) => ({
      pk: 'TIMER#2026-02-27T08',
      sk: `2026-02-27T08:30#${kind}#b`,
      kind,
      id: 'b',
      at: '2026-02-27T08:30:00.000Z',
      ...more,
    });
    const file = await world.exported((await filled([timer('vm_delete'), timer('vm_notice_day')])).backup);
    const { table, backup } = await world.makeTable();
    await importTable(backup, file, { run });
    const { items } = await table.query({ pk: 'TIMER#2026-02-27T08', limit: 9 });
    expect(items).toEqual([timer('vm_notice_day'), timer('vm_stop')]);
    expect(await compareImport(backup, file, { run })).toEqual({ items: 2, missing: [], changed: [] });
  });

  it('is another version each time, so that no two imports lead to the same name', async () => {
    const file = await world.exported((await filled([vm])).backup);
    const { table, backup } = await world.makeTable();
    const versions: number[] = [];
    for (const seconds of [0, 60]) {
      await importTable(backup, file, { run: new Date(run.getTime() + seconds * 1_000), intoFull: true });
      versions.push(Number((await table.get({ pk: 'WS#a', sk: 'VM#b' }))?.['version']));
    }
    expect(versions).toEqual([7 + step, 67 + step]);
  });

  it('is nothing that anything follows from, interrupted or again', async () => {
    const asked = { ...workspace, teardown: { ...teardown, state: 'asked' } };
    const file = await world.exported((await filled([asked, vm])).backup);
    const { table, records } = withStream((await world.makeTable()).backup);
    const updateIf = async () => {
      throw new Error('interrupted');
    };
    await expect(importTable({ ...table, updateIf }, file, { run })).rejects.toThrow('interrupted');
    await importTable(table, file, { intoFull: true });
    await importTable(table, file, { intoFull: true, run });
    expect(records.length).toBeGreaterThanOrEqual(8);
    expect(changesIn(records)).toEqual([]);
  });
});

it('who the admins are is there before anything else', async () => {
  const file = await world.exported((await filled([principal, workspace, vm, admins])).backup);
  const { table, records } = withStream((await world.makeTable()).backup);
  await importTable(table, file);
  expect(records[0]?.dynamodb?.NewImage?.['sk']).toEqual({ S: 'ADMINS' });
  expect(records.at(-1)?.dynamodb?.NewImage?.['sk']).toEqual({ S: 'PRINCIPAL' });
});

const consumerOf = (made: Awaited<ReturnType<typeof filled>>) =>
  createRowConsumer({
    ...storesOf(made.table),
    failedRecords: { keep: async (records) => records.map(() => undefined) },
    log: { error: () => undefined },
  });

describe('audit rows of a backup that no block of it holds', () => {
  const rows = Array.from({ length: 9 }, (_, nth) => sampleRow({ at: beginning + nth * 60_000 }));
  const now = new Date(beginning + 86_400_000);

  async function exported() {
    const source = await filled(rows.map(rowItem));
    await chainRows(storesOf(source.table), rows.slice(0, 4));
    await chainRows(storesOf(source.table), rows.slice(5, 7));
    return world.exported(source.backup);
  }

  it('are chained as they come in, and the others are not chained again', async () => {
    const file = await exported();
    const made = await world.makeTable();
    const { table, records } = withStream(made.backup);
    await importTable(table, file);
    expect((await verifyAll(made.table, now)).breaks).toMatchObject([{ kind: 'unchained' }]);
    const inserted = records.filter(({ eventName }) => eventName === 'INSERT');
    expect(changesIn(inserted).map(({ after }) => after?.['id'])).toEqual(
      expect.arrayContaining([rows[4]?.id, rows[7]?.id, rows[8]?.id]),
    );
    await consumerOf(made)({ Records: inserted });
    expect(await verifyAll(made.table, now)).toMatchObject({ intact: true, checked: { rows: 9, blocks: 3 } });
  });

  it('stay chained when the import is done again', async () => {
    const file = await exported();
    const made = await world.makeTable();
    const { table, records } = withStream(made.backup);
    const take = async () =>
      consumerOf(made)({ Records: records.splice(0).filter(({ eventName }) => eventName === 'INSERT') });
    await importTable(table, file);
    await take();
    await importTable(table, file, { intoFull: true });
    expect(await take()).toEqual({ batchItemFailures: [] });
    const next = sampleRow({ at: beginning + 3_600_000 });
    await made.table.write({ put: rowItem(next) });
    expect(await chainRows(storesOf(made.table), [next])).toEqual(new Map());
    expect(await verifyAll(made.table, now)).toMatchObject({ intact: true, checked: { rows: 10, blocks: 4 } });
  });
});

it('audit rows that were edited or deleted are mended by rows alone, and chained no second time', async () => {
  const rows = [0, 1, 2].map((nth) => sampleRow({ at: beginning + nth * 60_000 }));
  const made = await filled(rows.map(rowItem));
  await chainRows(storesOf(made.table), rows);
  const [edited, deleted] = rows.map(rowItem) as [Item, Item, Item];
  const onlyRows = {
    ...made.backup,
    async *scan(segment: number, segments: number) {
      for await (const page of made.backup.scan(segment, segments))
        yield page.filter(({ pk }) => pk?.S?.startsWith('AUDIT#'));
    },
  };
  const file = await world.exported(onlyRows);
  await made.table.write({ put: { ...edited, action: 'delete' } });
  await made.table.write({ delete: { pk: deleted.pk, sk: deleted.sk } });
  const { table, records } = withStream(made.backup);
  await importTable(table, file, { intoFull: true });
  await consumerOf(made)({ Records: records.filter(({ eventName }) => eventName === 'INSERT') });
  const verdict = await verifyAll(made.table, new Date(beginning + 86_400_000));
  expect(verdict).toMatchObject({ intact: true, checked: { rows: 3, blocks: 1 } });
});

describe('a stage that goes back', () => {
  const audit = rowItem(sampleRow());
  const later = { pk: 'WS#later', sk: 'WS', type: 'workspace', id: 'later', name: 'Later', version: 1 };
  const member = { pk: 'WS#later', sk: 'MEMBER#u', type: 'member', workspace_id: 'later', user_id: 'u', role: 'owner' };

  async function stage() {
    const made = await filled([workspace, vm, principal, admins]);
    const file = await world.exported(made.backup);
    await made.table.write({ put: later });
    await made.table.write({ put: member });
    await made.table.write({ put: audit });
    await made.table.write({ put: { ...admins, ids: new Set(['u', 'later']) } });
    await made.table.write({ delete: { pk: 'WS#a', sk: 'VM#b' } });
    return { ...made, file, backup: { ...made.backup, isRestorable: async () => true } };
  }

  it('is wiped without a word and imported, with the audit log that it has', async () => {
    const { backup, file, tableName } = await stage();
    const { table, records } = withStream(backup);
    expect(await wipeTable(table, { file, tableName, confirm: tableName })).toBe(4);
    expect([...(await itemsIn(table)).keys()].toSorted()).toEqual([`${audit.pk} ${audit.sk}`, 'SYSTEM ADMINS']);
    await importTable(table, file, { keepAudit: true, run });
    expect(changesIn(records)).toEqual([]);
    expect(await compareImport(table, file, { keepAudit: true, run })).toMatchObject({ missing: [], changed: [] });
    const keys = [...(await itemsIn(table)).keys()].toSorted();
    expect(keys).toEqual(
      [`${audit.pk} ${audit.sk}`, 'PRINCIPAL#u PRINCIPAL', 'SYSTEM ADMINS', 'WS#a VM#b', 'WS#a WS'].toSorted(),
    );
  });

  it('is not wiped by mistake', async () => {
    const { backup, file, tableName } = await stage();
    const part = await world.exported((await filled([workspace])).backup);
    const before = await itemsIn(backup);
    const unsafe = world.backupOf(tableName);
    await expect(wipeTable(backup, { file, tableName, confirm: undefined })).rejects.toThrow(`--confirm ${tableName}`);
    await expect(wipeTable(backup, { file, tableName, confirm: 'another' })).rejects.toThrow('cannot wipe');
    await expect(wipeTable(backup, { file: part, tableName, confirm: tableName })).rejects.toThrow('no users');
    await expect(wipeTable(unsafe, { file, tableName, confirm: tableName })).rejects.toThrow('point-in-time');
    await expect(wipeTable(backup, { file: `${file}.none`, tableName, confirm: tableName })).rejects.toThrow(
      'no whole',
    );
    expect(await itemsIn(backup)).toEqual(before);
  });
});
