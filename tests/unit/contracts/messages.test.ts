import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MessageKey, sentence } from '../../../contracts/messages.ts';

interface Translations {
  en: string;
  ko: string;
}

const root = join(import.meta.dirname, '../../../contracts');
const isTable = (value: unknown): value is Record<string, Translations> =>
  typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry?.en === 'string');

/** The tables of all contexts, found in their files, so that one that nobody imports is seen. */
async function readTables(): Promise<[string, Translations][]> {
  const files = globSync('*/messages.ts', { cwd: root });
  const modules = await Promise.all(files.map((file) => import(join(root, file))));
  return modules.flatMap((module) =>
    Object.values(module)
      .filter(isTable)
      .flatMap((table) => Object.entries(table)),
  );
}

const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('every sentence', () => {
  it('has one key, and is among those that are known', async () => {
    const keys = (await readTables()).map(([key]) => key);
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.length).toBe(new Set(keys).size);
    for (const key of keys) expect(sentence(key as MessageKey, 'en'), key).toBeTruthy();
  });

  it('is there in English and in Korean, with the same places to fill', async () => {
    for (const [key, { en, ko }] of await readTables()) {
      expect(placesOf(ko), key).toEqual(placesOf(en));
      expect(en, key).toMatch(/^[\x20-\x7e’…–]+$/);
      expect(ko, key).toMatch(/[가-힣]/);
    }
  });

  it('ends without a full stop, since it is shown alone', async () => {
    for (const [key, { en, ko }] of await readTables()) {
      expect(en, key).not.toMatch(/\.$/);
      expect(ko, key).not.toMatch(/\.$/);
    }
  });

  it('fills its places', () => {
    expect(sentence('input.too_large', 'en', { max: 5 })).toBe('the body is over 5 bytes');
    expect(sentence('input.method', 'ko', { method: 'PATCH' })).toContain('PATCH');
  });
});
