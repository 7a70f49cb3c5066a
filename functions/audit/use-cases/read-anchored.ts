import type { Partition } from '../domain/audit-row.ts';
import type { Head } from '../domain/chain.ts';
import type { AnchorStore } from '../ports.ts';
import { oncePerKey } from './once-per-key.ts';

/** What was anchored, month by month as it is asked for, each read once. */
export interface Anchored {
  head(partition: Partition): Promise<Head | undefined>;
  /** Those of a page of scopes, and the ones that the anchor knows beside them: a chain may have vanished with its entry in the directory. */
  withScopes(month: string, after: string | undefined, page: readonly string[]): Promise<string[]>;
}

export function readAnchored(anchors: Pick<AnchorStore, 'last'>): Anchored {
  const headsIn = oncePerKey(async (month) => {
    const heads = (await anchors.last(month))?.heads ?? [];
    return new Map(heads.map((head) => [head.scope, head]));
  });
  return {
    head: async ({ scope, month }) => (await headsIn(month)).get(scope),
    async withScopes(month, after, page) {
      const last = page.at(-1);
      const known = [...(await headsIn(month)).keys()].filter(
        (scope) => (after === undefined || scope > after) && (last === undefined || scope <= last),
      );
      return [...new Set([...page, ...known])].sort();
    },
  };
}
