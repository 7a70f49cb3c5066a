import { describe, expect, it } from 'vitest';
import { conflict, invalid, unfit } from '../../../../contracts/errors.ts';
import { failure } from '../../../../functions/platform/api/envelope.ts';

const stamp = { requestId: 'req_1', at: new Date('2026-01-31T09:30:00.000Z') } as const;
const bodyOf = (error: Parameters<typeof failure>[0], language: 'en' | 'ko') =>
  JSON.parse(String(failure(error, { ...stamp, language }).body)) as { error: string; data: unknown };

describe('a failure', () => {
  const issues = [{ path: 'body.expires_at', message: 'must be in the future' }] as const;

  it('says in the language that was asked for what does not fit', () => {
    expect(bodyOf(invalid(issues), 'en').data).toEqual({ issues });
    expect(bodyOf(invalid(issues), 'ko')).toMatchObject({
      error: '요청이 올바르지 않습니다',
      data: { issues: [{ path: 'body.expires_at', message: '미래의 시각이어야 합니다' }] },
    });
  });

  it('leaves what a schema has said in Korean already, and other details, as they are', () => {
    const said = [{ path: 'body.name', message: '잘못된 입력: 예상 타입은 string, 받은 타입은 number입니다' }];
    expect(bodyOf(unfit(said), 'ko').data).toEqual({ issues: said });
    expect(bodyOf(conflict('version.stale', { data: { version: 3 } }), 'ko').data).toEqual({ version: 3 });
  });
});
