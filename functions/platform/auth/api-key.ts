import { createHash, randomBytes } from 'node:crypto';
import { key } from '../table/key.ts';
import type { Key } from '../table/types.ts';

/** Whose key it is, and which one; the rest of the text is what makes it hard to guess. */
export interface ApiKeyName {
  userId: string;
  keyId: string;
}

const idBytes = 16;
const secretBytes = 32;
const form = /^sk_[\w-]{86}$/;
/** Of a key's text, what is shown of it ever after: `sk_` and the 9 bytes by which its id differs from other keys of the user. */
const prefixLength = 15;

const packId = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const unpackId = (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/**
 * `sk_` and 64 bytes in base64url: the key's id, its user's id, the secret. Both ids stand in it so that the key's item and its user's principal are
 * asked for at once, without an index.
 */
export function newApiKeyText({ userId, keyId }: ApiKeyName): { text: string; prefix: string } {
  const bytes = Buffer.concat([packId(keyId), packId(userId), randomBytes(secretBytes)]);
  const text = `sk_${bytes.toString('base64url')}`;
  return { text, prefix: text.slice(0, prefixLength) };
}

/** Undefined for what is no key of ours. */
export function readApiKey(text: string): ApiKeyName | undefined {
  if (!form.test(text)) return undefined;
  const bytes = Buffer.from(text.slice('sk_'.length), 'base64url');
  return { keyId: unpackId(bytes.subarray(0, idBytes)), userId: unpackId(bytes.subarray(idBytes, 2 * idBytes)) };
}

/** Of the text as it is sent: 256 random bits need no salt and no slow hash. */
export const hashApiKey = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

/** `win`, `n`: as of a principal · `hash` · `role` · `expires_at` · `last_used_at` · and what its user is shown of it. */
export const apiKeyKey = ({ userId, keyId }: ApiKeyName): Key => ({
  pk: key('USER', userId),
  sk: key('APIKEY', keyId),
});
