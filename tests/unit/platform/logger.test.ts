import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../functions/platform/logger.ts';
import { captureLines } from '../../support/captured-output.ts';

const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'x'.repeat(43)}`;

describe('the logger', () => {
  it('writes a JSON line with the keys of its request, and without them for the next', () => {
    const logger = createLogger();
    const lines = captureLines(() => {
      logger.appendKeys({ request_id: 'req_1', route: 'vms.create', caller: 'u-1' });
      logger.info('served', { status: 201 });
      logger.resetKeys();
      logger.info('idle');
    });
    const [served, idle] = lines.map((line) => JSON.parse(line));
    expect(served).toMatchObject({
      level: 'INFO',
      message: 'served',
      request_id: 'req_1',
      route: 'vms.create',
      caller: 'u-1',
      status: 201,
    });
    expect(served.timestamp).toMatch(/^\d{4}-.*Z$/);
    expect(idle).not.toHaveProperty('request_id');
  });

  it('masks secrets in the message, in keys, in errors and their causes', () => {
    const logger = createLogger();
    const cause = new Error(`the provider answered {"secret_key":"hunter2hunter2"}`);
    const [line = ''] = captureLines(() => {
      logger.appendKeys({ request_id: 'req_1', headers: { authorization: `Bearer ${jwt}`, host: 'x' } });
      logger.error(`cannot verify ${jwt}`, new Error('cannot reach the provider', { cause }));
    });
    expect(line).not.toContain(jwt);
    expect(line).not.toContain('hunter2');
    expect(JSON.parse(line)).toMatchObject({
      message: 'cannot verify [redacted]',
      headers: { authorization: '[redacted]', host: 'x' },
      error: {
        message: 'cannot reach the provider',
        cause: { name: 'Error', stack: expect.stringContaining('logger.test.ts') },
      },
    });
  });
});
