import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { marshall } from '@aws-sdk/util-dynamodb';
import { v7 as uuidv7 } from 'uuid';
import { expect, inject, it } from 'vitest';
import { exportTable } from '../../../infra/commands/backup/export-table.ts';
import { importTable } from '../../../infra/commands/backup/import-table.ts';
import { createBackupTable } from '../../../infra/commands/backup/table.ts';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { readItems } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';
import { rowItem, sampleRow } from '../../unit/audit/sample-rows.ts';
import { credentialData, vmBody } from '../compute/compute-api.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

it('writes a stage into a file by npm run export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  const file = join(folder, 'stage.ndjson.gz');
  const { endpoint, region } = stack.client;
  const said = execFileSync(process.execPath, ['infra/commands/backup.ts', 'export', file, '--stage', 'local'], {
    env: { ...process.env, AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
    encoding: 'utf8',
  });
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const { items } = JSON.parse(lines.at(-1) ?? '') as { items: number };
  expect(said).toContain(`${items} items of skyclust-local`);
  expect(lines).toHaveLength(items + 2);
  rmSync(folder, { recursive: true });
});

it('starts nothing and chains nothing of what is imported, and goes on as usual', async () => {
  const client = new DynamoDBClient(stack.client);
  const table = createBackupTable(client, String(stack.outputs.TableName));
  const stepFunctions = new SFNClient(stack.client);
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  const file = join(folder, 'items.ndjson.gz');
  const { token } = await register(http, 'restored');
  const workspaceId = await makeWorkspace(http, { token });
  const [vmId, rowId, userId] = [uuidv7(), uuidv7(), uuidv7()];
  const at = new Date().toISOString();
  const busy = {
    pk: `WS#${workspaceId}`,
    sk: `VM#${vmId}`,
    type: 'vm',
    id: vmId,
    workspace_id: workspaceId,
    status: 'stopping',
  };
  const row = { pk: `AUDIT#${userId}#${at.slice(0, 7)}`, sk: `${at}#${rowId}`, type: 'audit', id: rowId, write: 'yes' };
  const block = {
    pk: { S: `AUDITCHAIN#${userId}` },
    sk: { S: `BLOCK#${at.slice(0, 7)}#0000000001` },
    links: { L: [{ S: `${row.sk} hash` }] },
    newest: { S: row.sk },
  };
  const late = sampleRow({ at: Date.parse(at), fields: { user_id: uuidv7(), workspace_id: null } });
  const texts = (item: object) => Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S: String(S) }]));
  const items = [
    { ...texts(busy), version: { N: '1' }, run: { N: '1' }, updated_at: { S: at } },
    texts(row),
    block,
    marshall(rowItem(late)),
  ];
  const source = {
    ...table,
    async *scan(segment: number) {
      if (segment === 0) yield items;
    },
  };
  await exportTable(source, file, { format: 'skyclust-backup-1', table: 'sample', exported_at: at });
  await importTable(table, file, { intoFull: true });

  // What is made afterwards comes through the same shards: once it is there, what was imported has been passed by.
  await http('POST', '/credentials', {
    token,
    body: { workspace_id: workspaceId, provider: 'aws', data: credentialData },
  });
  const made = await http('POST', '/vms', { token, body: { ...vmBody, workspace_id: workspaceId } });
  await until(
    'a VM that is made runs',
    async () => {
      return (await http('GET', `/vms/${made.body.data.id}`, { token })).body.data?.status === 'running';
    },
    90_000,
  );
  const stateMachineArn = `arn:aws:states:${stack.client.region}:111122223333:stateMachine:skyclust-local-vm-lifecycle`;
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }),
  );
  const names = executions.map(({ name }) => String(name));
  expect(names.some((name) => name.startsWith(made.body.data.id))).toBe(true);
  expect(names.some((name) => name.startsWith(vmId))).toBe(false);
  const stored = (await readItems(stack, `WS#${workspaceId}`)).find(({ sk }) => sk === `VM#${vmId}`);
  expect(stored).not.toHaveProperty('imported');
  expect(stored).toMatchObject({ status: 'stopping' });
  // One row has a block: nobody takes it again. The other has none, and gets one.
  expect((await readItems(stack, `AUDITCHAIN#${userId}`)).map(({ sk }) => sk)).toEqual([block.sk.S]);
  await until('the row without a block has one', async () => {
    return JSON.stringify(await readItems(stack, `AUDITCHAIN#${late.user_id}`)).includes(late.id);
  });
  // As a wipe does: nobody hears of it. Else who counts this stage's VMs would find one more than was ever counted.
  const change = { text: 'SET #wiped = :wiped', values: { wiped: { BOOL: true } } };
  for (const key of items) await table.updateIf({ key, change });
  await table.remove(items);
  rmSync(folder, { recursive: true });
  client.destroy();
  stepFunctions.destroy();
});
