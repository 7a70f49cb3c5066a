import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { systemRoutes } from '../../../../contracts/system/routes.ts';
import { createApi } from '../../../../functions/platform/api/create-api.ts';
import { beginSeries } from '../../../../functions/platform/retry/series.ts';
import type { Table } from '../../../../functions/platform/table/types.ts';
import { eventOf, inProcessDependencies } from '../../../support/in-process-api.ts';
import { createTokenIssuer } from '../../identity/token-issuer.ts';

const { 'health.read': route } = systemRoutes;
const { verifyToken } = createTokenIssuer();
const dependencies = inProcessDependencies({ table: {} as Table, verifyToken });

/** A function that is as near its end as that, and what its use case comes to once it goes on. */
async function answerEarly(work: () => Promise<void>) {
  const answered = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const useCase = async () => {
    await answered.promise;
    ended.resolve(work());
    return { data: undefined as never };
  };
  const handler = createApi({ 'health.read': route }, { 'health.read': useCase }, dependencies);
  const event = eventOf({ method: route.method, path: route.path });
  const { statusCode } = await handler(event, { getRemainingTimeInMillis: () => 300 } as Context);
  answered.resolve();
  return { statusCode, ended: ended.promise };
}

it('a request that is answered before its function ends asks nothing of anybody from then on', async () => {
  const asked: string[] = [];
  const { statusCode, ended } = await answerEarly(() => beginSeries().send(async () => void asked.push('once')));
  expect(statusCode).toBe(503);
  await expect(ended).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(asked).toEqual([]);
});
