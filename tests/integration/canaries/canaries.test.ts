import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { routes } from '../../../contracts/routes.ts';
import { tellFigures } from '../../support/figures.ts';
import { until } from '../../support/until.ts';
import { failToRegister, joinUp, knock, proveAndReplace, refreshAndEnd, signInAndOut } from './account-flows.ts';
import { failInside } from './broken-items.ts';
import { captureEvents } from './capture-events.ts';
import { createFinder } from './find-secrets.ts';
import { type Journal, openJournal } from './journal.ts';
import { handleCredentials, runMachines } from './machine-flows.ts';
import { readLogs, readPlaces } from './places.ts';
import { plant } from './plant.ts';

const stack = inject('stack');
const since = Date.now();
const capture = `canaries-${randomUUID()}`;

let journal: Journal;
let events: Awaited<ReturnType<typeof captureEvents>>;
let places: Record<string, string>;

beforeAll(async () => {
  journal = openJournal(stack);
  events = await captureEvents(stack, capture);
  const [first, second] = [await joinUp(journal, 'first'), await joinUp(journal, 'second')];
  await failToRegister(journal, first);
  await knock(journal, second);
  const place = await handleCredentials(journal, second);
  await runMachines(journal, second, place);
  await refreshAndEnd(journal, await signInAndOut(journal, first));
  await proveAndReplace(journal, await joinUp(journal, 'third'));
  await failInside(journal, second, place);
  await exportTrail();
  await logsAreComplete();
  places = {
    ...(await readPlaces(stack, since)),
    answers: journal.answers.join('\n'),
    messages: journal.messages.join('\n'),
  };
}, 300_000);
afterAll(() => events?.stop());

/** What the audit log has of all of it becomes a file: at once, or a little later where other tests have filled the log. */
async function exportTrail(): Promise<void> {
  const { http } = openJournal(stack);
  const { token } = stack.admin;
  const asked = await http('GET', `/audit-logs/export?start_time=${new Date(since).toISOString()}`, { token });
  if (asked.status !== 200) throw new Error(`cannot export the audit log: ${JSON.stringify(asked.body)}`);
  const { id } = asked.body.data;
  const isReady = async () => (await http('GET', `/audit-logs/exports/${id}`, { token })).body.data.status === 'ready';
  await until('the export is a file', isReady);
}

/** A route of each function. */
const oneOfEach = [...Map.groupBy(Object.values(routes), ({ fn }) => fn).values()].flatMap(([first]) => first ?? []);
/** As many workers of a function as the flows may have kept busy at once. */
const workers = 4;

/** A worker's last line is read with its next call, so functions are called, by nobody, until each answer's line is there. */
async function logsAreComplete(): Promise<void> {
  const calls = Array.from({ length: workers }, () => oneOfEach).flat();
  const { http } = openJournal(stack);
  await until('each answer is logged', async () => {
    await Promise.all(calls.map(({ method, path }) => http(method, path.replace(/\{\w+\}/g, 'nobody'))));
    const logs = await readLogs(stack, since);
    return journal.requestIds.every((id) => logs.includes(id));
  });
}

describe('50 secrets and more, through every flow and its failures', () => {
  it('have gone through: each its own, in answers of every kind', ({ task }) => {
    tellFigures(task, { secrets: journal.secrets.known.size, answers: journal.answers.length });
    expect(journal.secrets.known.size).toBeGreaterThanOrEqual(50);
    expect([...journal.statuses.keys()].toSorted()).toEqual(
      expect.arrayContaining([200, 201, 202, 400, 401, 404, 409, 413, 500]),
    );
    expect(journal.statuses.get(500)).toBe(1);
  });

  it.each(['table', 'logs', 'executions', 'queues', 'objects', 'answers', 'messages'])(
    'stand nowhere in the %s',
    (name) => {
      const text = places[name] ?? '';
      expect(text.length).toBeGreaterThan(1_000);
      expect(createFinder(journal.secrets.known)(text)).toEqual([]);
    },
  );

  it('were looked for where the flows left their traces', () => {
    const { table = '', objects = '', queues = '', executions = '', messages = '' } = places;
    expect(journal.requestIds.filter((id) => table.includes(id)).length).toBeGreaterThan(40);
    const traces = [
      queues.includes(capture),
      queues.includes('vm_status_changed'),
      messages.includes('audit_log_created'),
      journal.requestIds.some((id) => objects.includes(id)),
    ];
    const refusals = ['InvalidKeyPair.NotFound', 'CredentialRejected'].map((name) => executions.includes(name));
    expect([...traces, ...refusals]).toEqual([true, true, true, true, true, true]);
  });
});

describe('a secret that is planted (control)', () => {
  it('is found in each place, and in that alone, however it is written', async () => {
    const planted = await plant(stack, capture);
    try {
      const now = await readPlaces(stack, since);
      const find = createFinder(planted.known);
      const found = Object.fromEntries(Object.entries(now).map(([name, text]) => [name, find(text)]));
      expect(found).toEqual({
        table: ['in bytes', 'in the table', 'within a set'],
        logs: ['in a log', 'in a log as a piece', 'in a log in base64', 'in a log in hex'],
        executions: ['in an input'],
        queues: ['in a message', 'in an event'],
        objects: ['in an object'],
      });
    } finally {
      await planted.remove();
    }
  });
});
