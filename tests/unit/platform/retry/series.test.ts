import { describe, expect, it } from 'vitest';
import { judge } from '../../../../functions/platform/retry/failure.ts';
import { beginSeries } from '../../../../functions/platform/retry/series.ts';
import { answerTimeout, awsError, connectTimeout, networkError } from '../../../support/aws-errors.ts';

describe('a failure', () => {
  it.each([
    ['refused', awsError('ThrottlingException')],
    ['refused', awsError('ProvisionedThroughputExceededException')],
    ['refused', awsError('RequestLimitExceeded')],
    ['refused', awsError('TransactionConflictException')],
    ['refused', awsError('TransactionInProgressException')],
    ['unsent', networkError('ECONNREFUSED', 'connect')],
    ['unsent', networkError('ENOTFOUND', 'getaddrinfo')],
    ['unsent', networkError('ETIMEDOUT', 'connect')],
    ['unsent', connectTimeout()],
    ['lost', networkError('ECONNRESET')],
    ['lost', networkError('EPIPE', 'write')],
    ['lost', answerTimeout()],
    ['lost', awsError('InternalServerError', 500)],
    ['lost', awsError('ServiceUnavailable', 503)],
    ['lost', Object.assign(new SyntaxError('no JSON'), { $response: { statusCode: 200 } })],
    ['final', awsError('ValidationException')],
    ['final', awsError('ConditionalCheckFailedException')],
    ['final', awsError('AccessDeniedException')],
    ['final', awsError('IdempotentParameterMismatchException')],
    ['final', new SyntaxError('ours')],
    ['final', new TypeError('ours')],
    ['final', 'no error at all'],
  ])('is %s: %s', (verdict, error) => {
    expect(judge(error)).toBe(verdict);
  });
});

/** A series whose clock only its own waits and the given work move. */
function fakePace(random = () => 1) {
  const waits: number[] = [];
  const clock = { now: 0 };
  const delay = async (milliseconds: number) => {
    waits.push(milliseconds);
    if (waits.length > 20) throw new Error('it would go on for ever');
    clock.now += milliseconds;
  };
  return { series: beginSeries({ random, delay, now: () => clock.now }), waits, clock };
}

describe('a series of tries', () => {
  it('ends with the first answer', async () => {
    const { series, waits } = fakePace();
    let tries = 0;
    const answer = await series.send(async () => {
      tries += 1;
      if (tries < 3) throw awsError('ThrottlingException');
      return 'answer';
    });
    expect([answer, tries, waits, series.lost]).toEqual(['answer', 3, [40, 80], false]);
  });

  it('is six tries with doubling waits, then SERVICE_UNAVAILABLE with the cause', async () => {
    const { series, waits } = fakePace();
    const cause = awsError('ThrottlingException');
    let tries = 0;
    const failing = series.send(async () => {
      tries += 1;
      throw cause;
    });
    await expect(failing).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2, cause });
    expect(tries).toBe(6);
    expect(waits).toEqual([40, 80, 160, 320, 640]);
  });

  it('waits anything from nothing to the whole of each wait', async () => {
    const jitter = [0, 0.25, 0.5, 0.75, 0.999];
    const { series, waits } = fakePace(() => jitter.shift() ?? 0);
    await expect(series.send(() => Promise.reject(awsError('ThrottlingException')))).rejects.toThrow();
    expect(waits).toEqual([0, 20, 80, 240, 0.999 * 640]);
  });

  it('takes 2.5 s at most when nothing answers: each try is given what is left', async () => {
    const { series, clock } = fakePace();
    const given: number[] = [];
    const failing = series.send(async ({ requestTimeout }) => {
      given.push(requestTimeout);
      clock.now += requestTimeout;
      throw answerTimeout();
    });
    await expect(failing).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(given).toEqual([1500, 960]);
    expect(clock.now).toBeLessThanOrEqual(2500);
  });

  it('throws what is final at once, as it is', async () => {
    const { series, waits } = fakePace();
    const error = awsError('ValidationException');
    await expect(series.send(() => Promise.reject(error))).rejects.toBe(error);
    expect(waits).toEqual([]);
  });

  it('remembers that an answer was lost', async () => {
    for (const [error, lost] of [
      [networkError('ECONNRESET'), true],
      [networkError('ECONNREFUSED', 'connect'), false],
    ] as const) {
      const { series } = fakePace();
      let tries = 0;
      await series.send(async () => {
        tries += 1;
        if (tries === 1) throw error;
      });
      expect(series.lost).toBe(lost);
    }
  });
});
