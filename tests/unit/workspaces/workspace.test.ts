import { describe, expect, it } from 'vitest';
import {
  changeWorkspace,
  foldName,
  isUnderWay,
  longestTeardownMs,
  newWorkspace,
  type Teardown,
  viewOf,
} from '../../../functions/workspaces/domain/workspace.ts';
import { fc } from '../../support/properties.ts';
import { readDefinition } from '../../support/step-functions.ts';

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
      { numRuns: 5_000, examples: [['A\uFEFFΣ']] },
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

  it('tells that it is being deleted, and nothing of how', () => {
    expect(viewOf(workspace, later)).not.toHaveProperty('deletion');
    const view = viewOf(changeWorkspace(workspace, { deleting: true }, later), later);
    expect(view).not.toHaveProperty('deleting');
    expect(view.deletion).toEqual({ state: 'in_progress', reason: null, requested_at: later.toISOString() });
  });
});

describe('the deletion of a workspace', () => {
  const inMinutes = (minutes: number) => new Date(later.getTime() + minutes * 60_000);
  const asked = { state: 'asked', asked_by: 'u', asked_at: later.toISOString(), run: 2 } as const;
  const closed = { is_active: false, deleting: true };
  const deletionOf = (teardown: Teardown | undefined, minutes: number) =>
    viewOf(changeWorkspace(workspace, { ...closed, teardown }, later), inMinutes(minutes)).deletion;

  it('that a workflow does is in progress for as long as that may take, and has failed from then on', () => {
    const { TimeoutSeconds } = readDefinition('workspace-teardown');
    expect(longestTeardownMs).toBeGreaterThan(Number(TimeoutSeconds) * 1_000);
    const requested_at = later.toISOString();
    expect(deletionOf(asked, 70)).toEqual({ state: 'in_progress', reason: null, requested_at });
    expect(deletionOf(asked, 71)).toEqual({ state: 'failed', reason: 'TIMED_OUT', requested_at });
    expect(isUnderWay(asked, inMinutes(70))).toBe(true);
    expect(isUnderWay(asked, inMinutes(71))).toBe(false);
  });

  it('has failed for the reason that the workflow gave', () => {
    const reason = 'cannot delete web-1: CREDENTIAL_REJECTED';
    const failed = { ...asked, state: 'failed', reason } as const;
    expect(deletionOf(failed, 1)).toEqual({ state: 'failed', reason, requested_at: later.toISOString() });
    expect(isUnderWay(failed, inMinutes(1))).toBe(false);
  });

  it('without a workflow ends within its request, or was interrupted', () => {
    expect(deletionOf(undefined, 1)).toMatchObject({ state: 'in_progress' });
    expect(deletionOf(undefined, 2)).toMatchObject({ state: 'failed', reason: 'INTERRUPTED' });
  });

  it('of which nobody put down when it was asked for is not waited for', () => {
    const { asked_at: _, ...timeless } = asked;
    expect(isUnderWay(timeless, later)).toBe(false);
    expect(deletionOf(timeless, 1)).toMatchObject({ state: 'failed', requested_at: later.toISOString() });
  });
});
