import { userStore } from '../../identity/index.ts';
import { principalKey, readPrincipal } from '../../platform/auth/principal.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Fragment, PlainWrite, Table } from '../../platform/table/types.ts';
import type { ProfileStore, VersionedProfile } from '../ports.ts';
import { memberKey } from './keys.ts';

/** A user is in at most 100 workspaces: ten rounds. */
const atOnce = 10;

/** Versions only rise, so events may come late, twice or in any order; without a row there is no member, and none is made. */
const isBehind = (version: number): Fragment => ({
  text: 'attribute_exists(#pk) AND (attribute_not_exists(#profile_version) OR #profile_version < :version)',
  values: { version },
});

const copyInto = (workspaceId: string, { id, name, email, version }: VersionedProfile): PlainWrite => ({
  update: memberKey(workspaceId, id),
  change: {
    text: 'SET #name = :name, #email = :email, #profile_version = :version',
    values: { name, email, version },
  },
  condition: isBehind(version),
  otherwise: refused,
});

/** All reads are strongly consistent: what an event tells of has happened for whoever reads after it. */
export const createProfileStore = (table: Table): ProfileStore => ({
  find: (userId) => userStore(table).find(userId),

  async workspacesOf(userId) {
    const principal = await table.get(principalKey(userId));
    return principal === undefined ? [] : Object.keys(readPrincipal(principal).memberships);
  },

  async copy(profile, workspaceIds) {
    await inParallel(atOnce, workspaceIds, (workspaceId) => unlessRefused(table.write(copyInto(workspaceId, profile))));
  },
});
