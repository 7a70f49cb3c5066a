import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProcess, processNames } from '../../../local/processes/background.ts';
import { baseUrl } from '../../../local/settings.ts';
import { until } from '../../support/until.ts';
import { makePlace, type Place } from './command.ts';

describe('the commands of the local stack', () => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.leave());

  const get = (path: string) => fetch(`${baseUrl(place.settings)}${path}`);

  it('status says that nothing runs, and ends with 3', async () => {
    const { code, text } = await place.run('status');
    expect(code).toBe(3);
    expect(text).toContain('does not run');
  });

  it('start says which port is taken, by whom, and which variable to set', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(place.settings.ports.emulator, '127.0.0.1', done));
    const { code, text } = await place.run('start');
    taken.close();
    expect(code).toBe(1);
    expect(text).toContain(`Port ${place.settings.ports.emulator} is taken by`);
    expect(text).toContain(`process ${process.pid}`);
    expect(text).toContain('EMULATOR_PORT');
    expect(findProcess(place.settings, 'emulator')).toBeUndefined();
  });

  it('of two starts at once one does it and the other says so', async () => {
    const both = await Promise.all([place.run('start'), place.run('start')]);
    const [won, lost] = both[0].code === 0 ? both : [both[1], both[0]];
    expect(won.text).toContain('SkyClust is up');
    expect(lost).toMatchObject({ code: 1, text: expect.stringMatching(/Another command \(process \d+\)/) });
    expect((await get('/health')).status).toBe(200);
  });

  it('start writes where everything is', () => {
    const endpoints = JSON.parse(readFileSync(join(place.settings.dir, 'endpoints.json'), 'utf8'));
    const base = baseUrl(place.settings);
    expect(endpoints).toEqual({
      base_url: base,
      api_url: `${base}/api/v1`,
      ws_url: `${base.replace('http', 'ws')}/ws`,
      docs_url: `${base}/docs`,
      dashboard_url: `${base}/`,
    });
  });

  it('status tells what runs, and ends with 0', async () => {
    const { code, text } = await place.run('status');
    expect(code).toBe(0);
    for (const name of processNames) expect(text).toMatch(new RegExp(`${name} +port \\d+, process \\d+, since 20`));
  });

  it('a second start with nothing changed deploys nothing and leaves what runs', async () => {
    const before = findProcess(place.settings, 'emulator')?.pid;
    const { code, text } = await place.run('start');
    expect(code).toBe(0);
    expect(text).not.toContain('CDK');
    expect(findProcess(place.settings, 'emulator')?.pid).toBe(before);
  });

  it('logs shows what a function wrote, and lists functions without a name', async () => {
    await get('/api/v1/throw');
    const { text: list } = await place.run('logs');
    const name = /^ {2}(sample-api\S+)$/m.exec(list)?.[1] ?? '';
    const line = await until('the line of the error', async () => {
      const { text } = await place.run('logs', name);
      return text.includes('on purpose') && text;
    });
    expect(line).toMatch(/^20\d\d-\S+Z /m);
    expect(await place.run('logs', 'nothing')).toMatchObject({
      code: 1,
      text: expect.stringContaining('no function nothing'),
    });
  });

  it('start brings back the one process that was killed', async () => {
    process.kill(findProcess(place.settings, 'edge')?.pid ?? 0, 'SIGKILL');
    await until('the edge ended', async () => findProcess(place.settings, 'edge') === undefined);
    expect((await place.run('status')).code).toBe(1);
    expect((await place.run('start')).code).toBe(0);
    expect((await get('/health')).status).toBe(200);
  });

  it('functions run in a folder of the stack', () => {
    expect(readdirSync(join(place.settings.dir, 'tmp', 'emulator')).join()).toMatch(/ministack-lambda-/);
  });

  it('stop ends every process, and a second one finds none', async () => {
    const { code, text } = await place.run('stop');
    expect(code).toBe(0);
    for (const name of processNames) expect(text).toContain(name);
    expect(processNames.filter((name) => findProcess(place.settings, name))).toEqual([]);
    expect((await place.run('stop')).text).toContain('Nothing was running');
  });

  it('leaves nothing of its own in the folder for temporary files', () => {
    expect(readdirSync(place.shared)).toEqual([]);
    expect(readdirSync(join(place.settings.dir, 'tmp'))).toEqual([]);
  });

  it('reset removes all data but nothing that is not its own', async () => {
    const other = join(place.settings.dir, 'note.txt');
    writeFileSync(other, 'mine');
    expect((await place.run('reset')).code).toBe(0);
    expect(readdirSync(place.settings.dir)).toEqual(['note.txt']);
  });
});
