import type { Item } from '../../platform/table/types.ts';
import { type Code, codeLifetimeMs } from '../domain/code.ts';
import { codeKey } from './keys.ts';

/** It outlives its wish by the longest that its code may live, and by the hour whose mails it counts. */
const ttlOf = ({ purpose, requested_at }: Code) =>
  Math.ceil((Date.parse(requested_at) + 2 * codeLifetimeMs[purpose]) / 1_000) + 3_600;

/** Its `type` makes the stream tell of it: that is how a wish comes to be mailed. */
export const toCodeItem = (code: Code): Item => ({
  ...codeKey(code.user_id, code.purpose),
  type: 'code',
  ...code,
  ttl: ttlOf(code),
});

export const codeFrom = ({ pk: _pk, sk: _sk, type: _type, ttl: _ttl, ...fields }: Item): Code =>
  fields as unknown as Code;
