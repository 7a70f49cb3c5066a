import { describe, expect, it } from 'vitest';
import { readEnv } from '../../../functions/platform/env.ts';

const shape = {
  TABLE_NAME: 'string',
  ADMIN_EMAIL: 'text',
  HASHES: 'list',
  METER_HEADER: 'flag',
  LIMITS: 'json',
  PORT: (text: string) => BigInt(text),
} as const;
const source = {
  TABLE_NAME: 'things',
  ADMIN_EMAIL: '',
  HASHES: 'a, b,',
  METER_HEADER: '1',
  LIMITS: '{"user":1000}',
  PORT: '80',
  OTHER: 'x',
};

describe('the environment', () => {
  it('is read by the kind of each name', () => {
    expect(readEnv(shape, source)).toEqual({
      TABLE_NAME: 'things',
      ADMIN_EMAIL: '',
      HASHES: ['a', 'b'],
      METER_HEADER: true,
      LIMITS: { user: 1000 },
      PORT: 80n,
    });
  });

  it('may lack texts and flags', () => {
    expect(readEnv({ ADMIN_EMAIL: 'text', METER_HEADER: 'flag' }, {})).toEqual({
      ADMIN_EMAIL: '',
      METER_HEADER: false,
    });
  });

  it('is refused with one error that names all that is missing or malformed and shows no value', () => {
    expect(() => readEnv(shape, { TABLE_NAME: '', LIMITS: '{secret', PORT: 'x-secret' })).toThrow(
      new Error(
        'cannot read the environment: TABLE_NAME is missing, HASHES is missing, LIMITS is malformed, PORT is malformed',
      ),
    );
  });
});
