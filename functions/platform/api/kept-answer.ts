import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Answer } from './call.ts';

/** Larger answers are packed: those of 20 VMs with all the tags that each can have are 1.1 MB, and an item of the table holds 400 KB. */
const plainBytes = 65_536;

/** Such VMs repeat each other, at distances that brotli's window spans and deflate's does not: 40 KB, in 14 ms. */
const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };

export function packAnswer(answer: Answer): string | Uint8Array {
  const text = JSON.stringify(answer);
  return Buffer.byteLength(text) <= plainBytes ? text : brotliCompressSync(text, { params });
}

/** As it was packed, from what the table holds. */
export const unpackAnswer = (stored: unknown): Answer =>
  JSON.parse(stored instanceof Uint8Array ? brotliDecompressSync(stored).toString('utf8') : String(stored)) as Answer;
