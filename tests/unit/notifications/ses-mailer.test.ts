import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSesMailer } from '../../../functions/notifications/store/ses-mailer.ts';

let ses: Server;
beforeEach(async () => {
  ses = createServer().listen(0, '127.0.0.1');
  await once(ses, 'listening');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(ses.address() as AddressInfo).port}`);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  ses.closeAllConnections();
  ses.close();
});

it('a mail of which SES says after seconds that it is taken counts as taken', async () => {
  const mailer = createSesMailer({ from: 'no-reply@skyclust.example' });
  const asked = once(ses, 'request');
  const sending = mailer.send('minji@example.com', { subject: 'code', text: 'code', html: 'code' });
  const outcome = sending.then(
    () => 'taken',
    (error: unknown) => error,
  );
  const [, response] = (await asked) as [unknown, ServerResponse];
  await vi.advanceTimersByTimeAsync(9_000);
  response.setHeader('content-type', 'application/json').end('{"MessageId":"1"}');
  expect(await outcome).toBe('taken');
});
