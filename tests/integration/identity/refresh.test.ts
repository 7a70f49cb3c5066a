import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionsIn } from '../../../functions/identity/store/access-item.ts';
import type { Item, Table } from '../../../functions/platform/table/types.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, login, refresh, statusOf } from './identity-api.ts';
import { meetingOf } from './meeting.ts';
import { withoutConditions } from './unguarded-table.ts';

const day = 86_400_000;

let backend: Backend;
let api: IdentityApi;
let minji: Person;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  await register(api.http, 'admin');
  minji = await register(api.http, 'minji');
});

const principalOf = (id: string) => api.table.get({ pk: `PRINCIPAL#${id}`, sk: 'PRINCIPAL' }) as Promise<Item>;
const sessionIds = async () => Object.keys(sessionsIn(await principalOf(minji.id)));
const cognitoPart = (refreshToken: string) => refreshToken.split('.').slice(3).join('.');
const tokenOf = ({ body }: HttpAnswer): string => body.data.refresh_token;

/** Both halves of the pair are good, and stay so. */
async function expectWorks(answer: HttpAnswer): Promise<void> {
  expect(answer.status).toBe(200);
  expect(await statusOf(api.http, answer.body.data.token)).toBe(200);
}

async function expectRefused(answer: HttpAnswer): Promise<void> {
  expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHORIZED']);
}

describe('a refresh', () => {
  it('answers the next session of the same sign-in', async () => {
    const answer = await refresh(api.http, minji.refreshToken);
    await expectWorks(answer);
    expect(answer.body.data.user).toMatchObject({ id: minji.id, email: minji.email });
    expect(tokenOf(answer)).not.toBe(minji.refreshToken);
    expect(await sessionIds()).toHaveLength(1);
    expect(await statusOf(api.http, minji.token)).toBe(200);
  });

  it('goes on and on, hour by hour', async () => {
    let token = minji.refreshToken;
    for (let hour = 0; hour < 5; hour += 1) {
      api.advance(3_600_000);
      const answer = await refresh(api.http, token);
      expect(answer.status).toBe(200);
      token = tokenOf(answer);
    }
  });

  it('with the token just spent answers the same working pair, for 30 seconds', async () => {
    const first = await refresh(api.http, minji.refreshToken);
    api.advance(29_000);
    const again = await refresh(api.http, minji.refreshToken);
    await expectWorks(again);
    expect(tokenOf(again)).toBe(tokenOf(first));
    await expectWorks(await refresh(api.http, tokenOf(first)));
  });

  it('with the token before the last answers the pair that works, for 30 seconds after it was spent', async () => {
    const first = await refresh(api.http, minji.refreshToken);
    api.advance(10_000);
    const second = await refresh(api.http, tokenOf(first));
    api.advance(10_000);
    const again = await refresh(api.http, minji.refreshToken);
    await expectWorks(again);
    expect(tokenOf(again)).toBe(tokenOf(second));
    api.advance(11_000);
    await expectRefused(await refresh(api.http, minji.refreshToken));
    expect(await sessionIds()).toEqual([]);
  });

  it('with a token spent longer ago ends the session, for both who hold it', async () => {
    const first = await refresh(api.http, minji.refreshToken);
    api.advance(31_000);
    await expectRefused(await refresh(api.http, minji.refreshToken));
    expect(await sessionIds()).toEqual([]);
    expect(api.accounts.revoked).toEqual([cognitoPart(minji.refreshToken)]);
    expect(await statusOf(api.http, first.body.data.token)).toBe(401);
    await expectRefused(await refresh(api.http, tokenOf(first)));
  });

  it('that ends a session leaves the others of that user', async () => {
    const other = await login(api.http, minji.email);
    await refresh(api.http, minji.refreshToken);
    api.advance(31_000);
    await expectRefused(await refresh(api.http, minji.refreshToken));
    expect(await statusOf(api.http, other.body.data.token)).toBe(200);
    await expectWorks(await refresh(api.http, tokenOf(other)));
  });

  it('with a token that was made up, or put together from two, is refused and ends nothing', async () => {
    const other = await login(api.http, minji.email);
    const [user, session, secret, ...cognito] = minji.refreshToken.split('.');
    const [, otherSession, otherSecret, ...otherCognito] = tokenOf(other).split('.');
    const guess = 'A'.repeat(43);
    const forged = [
      [user, session, guess, ...otherCognito],
      [user, session, guess, 'made', 'up'],
      [user, session, secret, ...otherCognito],
      [user, otherSession, secret, 'made', 'up'],
      [user, 'no-session', secret, ...cognito],
      ['rt_01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a', session, secret, ...cognito],
    ];
    for (const parts of forged) await expectRefused(await refresh(api.http, parts.join('.')));
    for (const text of ['rt_', 'nonsense', minji.token, cognitoPart(minji.refreshToken)])
      await expectRefused(await refresh(api.http, text));
    expect(await sessionIds()).toHaveLength(2);
    expect(otherSecret).not.toBe(secret);
    await expectWorks(await refresh(api.http, minji.refreshToken));
    await expectWorks(await refresh(api.http, tokenOf(other)));
  });

  it('of another user with this secret is refused', async () => {
    const stranger = await register(api.http, 'stranger');
    const [, ...mine] = minji.refreshToken.split('.');
    await expectRefused(await refresh(api.http, [`rt_${stranger.id}`, ...mine].join('.')));
    await expectWorks(await refresh(api.http, minji.refreshToken));
  });

  it('is refused once the session is over, which goes when another one is refreshed', async () => {
    api.advance(20 * day);
    const young = await login(api.http, minji.email);
    api.advance(11 * day);
    await expectRefused(await refresh(api.http, minji.refreshToken));
    expect(await sessionIds()).toHaveLength(2);
    await expectWorks(await refresh(api.http, tokenOf(young)));
    expect(await sessionIds()).toHaveLength(1);
    expect(await statusOf(api.http, minji.token)).toBe(401);
  });

  it('is refused where Cognito refuses, and ends nothing', async () => {
    await api.accounts.revoke(cognitoPart(minji.refreshToken));
    await expectRefused(await refresh(api.http, minji.refreshToken));
    expect(await statusOf(api.http, minji.token)).toBe(200);
  });

  it('is refused where Cognito answers for another session, and spends nothing', async () => {
    const other = await login(api.http, minji.email);
    const mixed = createIdentityApi(api.table, {
      like: api,
      accounts: { refresh: () => api.accounts.refresh(cognitoPart(tokenOf(other))) },
    });
    await expectRefused(await refresh(mixed.http, minji.refreshToken));
    await expectWorks(await refresh(api.http, minji.refreshToken));
  });

  it('leaves one audit row, also when it is refused as used again', async () => {
    const rows = async () => (await recentAuditRows(api.table, minji.id)).filter(({ action }) => action === 'refresh');
    await refresh(api.http, minji.refreshToken);
    await refresh(api.http, minji.refreshToken);
    expect((await rows()).map(({ success }) => success)).toEqual([true, true]);
    api.advance(31_000);
    await refresh(api.http, minji.refreshToken);
    expect((await rows()).map(({ success, status }) => [success, status])).toEqual([
      [true, 200],
      [true, 200],
      [false, 401],
    ]);
  });
});

describe('twenty refreshes with one token at once', () => {
  /** The same users and accounts, but every refresh has read the session before the first one swaps it. */
  function race(table: Table) {
    const { http } = createIdentityApi(table, { like: api, meet: meetingOf(20) });
    return Promise.all(Array.from({ length: 20 }, () => refresh(http, minji.refreshToken)));
  }

  it('swap it once, and all answer the one pair that works', async () => {
    for (let round = 0; round < 5; round += 1) {
      minji = await register(api.http, 'minji');
      const answers = await race(api.table);
      for (const answer of answers) await expectWorks(answer);
      expect(new Set(answers.map(tokenOf)).size).toBe(1);
      await expectWorks(await refresh(api.http, tokenOf(answers[0] as HttpAnswer)));
    }
  });

  it('without the condition hand out twenty pairs, of which one works (control)', async () => {
    const unguarded = withoutConditions(api.table, ({ sk }) => sk === 'PRINCIPAL');
    const answers = await race(unguarded);
    expect(unguarded.lifted).toBe(20);
    expect(new Set(answers.map(tokenOf)).size).toBe(20);
  });
});
