import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Table } from '../../../functions/platform/table/types.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { register } from '../../support/people.ts';
import { rounds } from '../../support/sizes.ts';
import { createIdentityApi } from './identity-api.ts';
import { meetingOf } from './meeting.ts';
import { withoutConditions } from './unguarded-table.ts';

const races = rounds(4, 20);
const registrations = 50;

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

/** Registers many at once on an empty table; who of them is an admin, by the answers, by the principals, by the set of admins. */
async function raceForAdmin(table: Table) {
  const { http } = createIdentityApi(table, { meet: meetingOf(registrations) });
  const people = await Promise.all(Array.from({ length: registrations }, () => register(http)));
  const principals = await table.getMany(people.map(({ id }) => ({ pk: `PRINCIPAL#${id}`, sk: 'PRINCIPAL' })));
  const me = await Promise.all(people.map(({ token }) => http('GET', '/auth/me', { token })));
  const admins = await table.get({ pk: 'SYSTEM', sk: 'ADMINS' });
  return {
    answered: me.filter(({ body }) => body.data.role === 'admin').length,
    allowed: principals.filter(({ role }) => role === 'admin').length,
    listed: (admins?.['ids'] as Set<string> | undefined)?.size,
  };
}

it(`exactly one of ${registrations} who register at once becomes admin, in ${races} rounds`, async () => {
  for (let round = 0; round < races; round += 1) {
    const { table } = await backend.makeTable();
    expect(await raceForAdmin(table)).toEqual({ answered: 1, allowed: 1, listed: 1 });
  }
});

it('without its condition all of them do (control)', async () => {
  const { table } = await backend.makeTable();
  const unguarded = withoutConditions(table, ({ sk }) => sk === 'ADMINS');
  expect((await raceForAdmin(unguarded)).allowed).toBe(registrations);
  expect(unguarded.lifted).toBe(registrations);
});
