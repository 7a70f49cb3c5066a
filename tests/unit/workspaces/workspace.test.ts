import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeWorkspace, foldName, newWorkspace, viewOf } from '../../../functions/workspaces/domain/workspace.ts';

const made = new Date('2026-01-31T09:30:00.000Z');
const later = new Date('2026-02-01T00:00:00.000Z');
const workspace = newWorkspace({ id: 'w', name: 'Team', ownerId: 'u', now: made });

describe('a folded name', () => {
  it('is one for names that a person would call the same', () => {
    const same = ['Team A', 'TEAM a', 'Ｔｅａｍ Ａ', ' team   a ', 'team\u00a0a'];
    expect(new Set(same.map(foldName))).toEqual(new Set(['team a']));
    for (const name of ['STRASSE', 'STRAẞE', 'strasse']) expect(foldName(name)).toBe(foldName('Straße'));
    expect(foldName('e\u0301clair')).toBe(foldName('\u00e9clair'));
    expect(foldName('팀')).toBe(foldName('팀'.normalize('NFD')));
  });

  it('is another for another name', () => {
    expect(new Set(['team a', 'team b', 'team', 'teama', 'team-a'].map(foldName)).size).toBe(5);
  });

  it('folds to itself, and is the one of its capitals and small letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const folded = foldName(name);
        for (const same of [folded, name.toUpperCase(), name.toLowerCase()]) expect(foldName(same)).toBe(folded);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a changed workspace', () => {
  it('is its next version, of now', () => {
    const next = changeWorkspace(workspace, { name: 'Squad' }, later);
    expect(next).toEqual({ ...workspace, name: 'Squad', version: 2, updated_at: later.toISOString() });
  });

  it('is the same one where nothing changes', () => {
    const change = { name: 'Team', description: '', is_active: true, owner_id: undefined };
    expect(changeWorkspace(workspace, change, later)).toBe(workspace);
    expect(changeWorkspace(workspace, {}, later)).toBe(workspace);
  });

  it('takes what is falsy for what it is', () => {
    expect(changeWorkspace(workspace, { is_active: false }, later).is_active).toBe(false);
    const described = changeWorkspace(workspace, { description: 'about' }, later);
    expect(changeWorkspace(described, { description: '' }, later).description).toBe('');
  });

  it('does not tell that it is being deleted', () => {
    expect(viewOf(changeWorkspace(workspace, { deleting: true }, later))).not.toHaveProperty('deleting');
  });
});
