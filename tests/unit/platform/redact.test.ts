import { describe, expect, it } from 'vitest';
import { redact } from '../../../functions/platform/redact.ts';
import { awsError } from '../../support/aws-errors.ts';
import { fc } from '../../support/properties.ts';

const base64url = (size: number) =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
    minLength: size,
    maxLength: size + 40,
  });
const base64 = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  minLength: 36,
  maxLength: 36,
});
const upper = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), minLength: 16, maxLength: 16 });

/** Secrets that are known by their look: the whole, and the part of it that must not show. */
const shaped = fc.oneof(
  fc.tuple(base64url(20), base64url(20), base64url(20)).map(([a, b, c]) => ({ text: `eyJ${a}.eyJ${b}.${c}`, core: c })),
  base64url(20).map((core) => ({ text: `sk_${core}`, core })),
  base64url(20).map((core) => ({ text: `rt_${core}`, core })),
  upper.map((core) => ({ text: `AKIA${core}`, core })),
  base64.map((core) => ({ text: `aB3/${core}`, core })),
  base64.map((core) => ({
    text: `-----BEGIN RSA PRIVATE KEY-----\n${core}\n${core}\n-----END RSA PRIVATE KEY-----`,
    core,
  })),
  base64url(20).map((core) => ({ text: `Bearer ${core}`, core })),
);

/** What any text may be; long enough not to occur by chance. */
const anything = fc.string({ unit: 'grapheme', minLength: 14, maxLength: 40 }).map((text) => `"${text}'x9${text}`);

const secretName = fc.constantFrom(
  ...[
    'password',
    'newPassword',
    'secret',
    'client_secret',
    'token',
    'accessToken',
    'refresh_token',
    'authorization',
    'Authorization',
  ],
  ...[
    'x-api-key',
    'X-Api-Key',
    'apiKey',
    'access_key',
    'secretAccessKey',
    'secret_key',
    'private_key',
    'cookie',
    'Set-Cookie',
    'code',
    'userData',
    'previous_emails',
    'credentials',
  ],
);

/** Random data around the secret. */
const around = fc.object({
  maxDepth: 2,
  maxKeys: 3,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
});

type Wrap = (value: unknown) => unknown;
const wraps = fc.array(
  fc.oneof(
    fc.tuple(fc.string(), around).map(
      ([name, other]): Wrap =>
        (value) => ({ ...other, [`k${name}`]: value }),
    ),
    around.map(
      (other): Wrap =>
        (value) => [other, value, other],
    ),
    fc.constant<Wrap>((value) => new Map([['entry', value]])),
    fc.constant<Wrap>((value) => new Set([value])),
    fc.constant<Wrap>((value) => Object.assign(new Error('cannot do it', { cause: value }), { data: value })),
    fc.constant<Wrap>((value) => new AggregateError([value], 'several')),
    fc.constant<Wrap>((value) =>
      JSON.stringify({ body: value }, (_, held) => (typeof held === 'bigint' ? String(held) : held)),
    ),
  ),
  { maxLength: 5 },
);
const wrap = (value: unknown, all: Wrap[]) => all.reduce((inner, one) => one(inner), value);

/** A text that holds another, in the ways that a log line may. */
const texts = fc.constantFrom<(text: string) => unknown>(
  (text) => text,
  (text) => `cannot sign in with ${text}: refused`,
  (text) => new Error(`cannot use ${text}`),
  (text) => Object.assign(new Error('outer'), { stack: `Error: ${text}\n    at f (file.ts:1:2)` }),
  (text) => JSON.stringify({ nested: JSON.stringify([text]) }),
  (text) => `an answer: ${JSON.stringify({ a: text })}`,
  (text) => ({ [text]: 1 }),
  (text) => new URL(`https://example.com/?q=${encodeURIComponent(text)}`),
);

/** As the log line has it, with one level of escapes undone, so that an escaped secret is found as well. */
function shows(value: unknown, secret: string): boolean {
  const line = JSON.stringify(redact(value)) ?? '';
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [secret, escaped, JSON.stringify(escaped).slice(1, -1), encodeURIComponent(secret)].some((form) =>
    line.includes(form),
  );
}

describe('a log line', () => {
  it('never shows what is a secret by its look, wherever it is', () => {
    fc.assert(
      fc.property(shaped, texts, wraps, ({ text, core }, hold, around) => {
        expect(shows(wrap(hold(text), around), core)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it("never shows what stands under a secret's name, whatever it looks like", () => {
    const held = fc.oneof(
      anything.map((secret) => ({ secret, value: secret as unknown })),
      anything.map((secret) => ({ secret, value: { deep: [secret] } as unknown })),
    );
    fc.assert(
      fc.property(secretName, held, wraps, (name, { secret, value }, around) => {
        expect(shows(wrap({ [name]: value }, around), secret)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never shows it when it is JSON or a form within other text', () => {
    const names = secretName.filter((name) => !['code', 'userData', 'credentials', 'previous_emails'].includes(name));
    const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019!$%^*()@.'), minLength: 12, maxLength: 40 });
    const forms = fc.constantFrom<(name: string, secret: string) => string>(
      (name, secret) => `cannot parse {"a":1,"${name}":"${secret}"}`,
      (name, secret) => `cannot parse ${JSON.stringify(JSON.stringify({ [name]: secret }))}`,
      (name, secret) => `grant_type=x&${name}=${secret}&z=1`,
      (name, secret) => `> ${name}: ${secret}\n> host: example.com`,
      (name, secret) => `{"cut":"${'x'.repeat(20_000)}","${name}":"${secret}`,
    );
    fc.assert(
      fc.property(names, word, forms, wraps, (name, secret, form, around) => {
        expect(shows(wrap(form(name, secret), around), secret)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows the rest as it is', () => {
    const line = {
      message: 'cannot start vm 01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a: the VM is running',
      request_id: 'req_01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
      credential_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
      start_date: '2026-01-31T09:30:00.000Z',
      arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/skyclust-dev',
      digest: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      error: { code: 'NOT_FOUND', status: 404 },
      answer: { code: undefined, status: 200 },
      list: [1, true, null, 'task_definition'],
    };
    expect(redact(line)).toEqual(line);
  });

  it('masks the data of a credential, whatever its fields are called', () => {
    expect(redact({ credential: { id: '1', data: { tenant: 'x' } }, data: { id: '2' } })).toEqual({
      credential: { id: '1', data: '[redacted]' },
      data: { id: '2' },
    });
  });

  it('keeps what an error says and what the SDK measured, never the request or items that it carries', () => {
    const error = Object.assign(awsError('ConditionalCheckFailedException'), {
      Item: { pk: { S: 'x' } },
      $response: { body: 'a body' },
      input: { a: 1 },
      cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
    });
    expect(redact(error)).toEqual({
      name: 'ConditionalCheckFailedException',
      message: 'ConditionalCheckFailedException was injected',
      stack: expect.stringContaining('redact.test.ts'),
      cause: {
        name: 'Error',
        message: 'read ECONNRESET',
        stack: expect.any(String),
        cause: undefined,
        code: 'ECONNRESET',
        syscall: 'read',
      },
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('is bounded in depth, width and size', () => {
    const deep = Array.from({ length: 100 }).reduce((inner) => ({ inner }), 'x');
    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
    expect(redact(Array(1000).fill(1))).toHaveLength(101);
    const wide = (depth: number): unknown => (depth === 0 ? 'leaf' : Array.from({ length: 50 }, () => wide(depth - 1)));
    expect(JSON.stringify(redact(wide(4))).length).toBeLessThan(100_000);
    expect(JSON.stringify(redact(Array(90).fill('y'.repeat(100_000)))).length).toBeLessThan(50_000);
  });

  it('survives what holds itself, throws when read, or is no JSON', () => {
    const self: Record<string, unknown> = {
      big: 1n,
      call: () => 1,
      sign: Symbol('x'),
      bytes: Buffer.from('secret'),
      never: new Date(Number.NaN),
    };
    self.self = self;
    Object.defineProperty(self, 'trap', { enumerable: false, get: () => 1 });
    expect(redact(self)).toEqual({
      big: '1',
      call: '[function]',
      sign: '[symbol]',
      bytes: '[6 bytes]',
      never: 'invalid date',
      self: '[circular]',
    });
    const trap = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(redact({ trap })).toEqual({ trap: '[unreadable]' });
    expect(Object.keys(redact(JSON.parse('{"__proto__":{"a":1}}')) as object)).toEqual(['__proto__']);
  });

  // A pattern that tries anew from each character would take minutes: the test would not end in its time.
  it('ends for text made to be slow', () => {
    for (const unit of [
      'token',
      'eyJ',
      'sk_',
      '-----BEGIN A-----',
      'a',
      'aA/',
      'token"\\',
      '://',
      'Bearer ',
      'secret ',
    ])
      expect(typeof redact(unit.repeat(20_000))).toBe('string');
  });
});
