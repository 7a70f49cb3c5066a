import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invalid } from '../../../contracts/errors.ts';
import { inKorean, issueMessages } from '../../../contracts/shared/issue-messages.ts';

const root = join(import.meta.dirname, '../../../contracts');
const sources = globSync('**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** What schemas say of fields: `error: 'must be …'`, or a template whose places are filled here by a word. */
const said = sources.flatMap((text) =>
  [
    ...text.matchAll(/(?:error: |Error = |error: \(.*\? )(?:'((?:must|is|send)\b[^']*)'|`((?:must|is|send)\b[^`]*)`)/g),
  ].map(([, plain, template = '']) => plain ?? template.replace(/\$\{[^}]*\}/g, '7')),
);

describe('what is said of a field that does not fit', () => {
  it('is there in Korean, whichever schema says it', () => {
    expect(said.length).toBeGreaterThan(40);
    for (const message of said) expect(inKorean(message), message).toMatch(/[가-힣]/);
  });

  it('has the same places to fill in both languages', () => {
    for (const [english, korean] of Object.entries(issueMessages)) {
      expect(placesOf(korean), english).toEqual(placesOf(english));
      expect(english).toMatch(/^[\x20-\x7e]+[^.]$/);
      expect(korean, english).toMatch(/[가-힣]/);
    }
  });

  it('keeps what its places were filled with', () => {
    expect(inKorean('must hold at most 47 tags')).toBe('태그는 47개까지입니다');
    expect(inKorean('has no known price in eu-west-1')).toBe('eu-west-1 리전에서 알려진 가격이 없습니다');
    expect(inKorean('must be one of aws, gcp')).toBe('다음 중 하나여야 합니다: aws, gcp');
  });

  it('stays as it is where the table knows nothing of it', () => {
    expect(inKorean('잘못된 입력')).toBe('잘못된 입력');
  });

  it('does not compile where it has no Korean', () => {
    // @ts-expect-error The table has no such sentence.
    expect(invalid([{ path: 'body', message: 'is odd' }]).code).toBe('VALIDATION_ERROR');
  });
});
