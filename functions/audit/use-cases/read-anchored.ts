import type { Partition } from '../domain/audit-row.ts';
import type { Head } from '../domain/chain.ts';
import type { AnchorStore } from '../ports.ts';

/** What was anchored, month by month as it is asked for, each read once. */
export interface Anchored {
  head(partition: Partition): Promise<Head | undefined>;
  /** Those of a page of scopes, and the ones that the anchor knows beside them: a chain may have vanished with its entry in the directory. */
  withScopes(month: string, after: string | undefined, page: readonly string[]): Promise<string[]>;
}

export function readAnchored(anchors: Pick<AnchorStore, 'last'>): Anchored {
  const months = new Map<string, Promise<Map<string, Head>>>();
  const read = async (month: string) => {
    const heads = (await anchors.last(month))?.heads ?? [];
    return new Map(heads.map((head) => [head.scope, head]));
  };
  const monthOf = (month: string) => {
    const known = months.get(month) ?? read(month);
    months.set(month, known);
    return known;
  };
  return {
    head: async ({ scope, month }) => (await monthOf(month)).get(scope),
    async withScopes(month, after, page) {
      const last = page.at(-1);
      const known = [...(await monthOf(month)).keys()].filter(
        (scope) => (after === undefined || scope > after) && (last === undefined || scope <= last),
      );
      return [...new Set([...page, ...known])].sort();
    },
  };
}
