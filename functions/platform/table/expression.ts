import { toAttributes } from './attributes.ts';
import { mergeFragments } from './fragment.ts';
import type { Fragment } from './types.ts';

const prefixed = (sign: string, record: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${sign}${name}`, value]));

/** The names and values of the fragments, as DynamoDB wants them: nothing that is empty, nothing unused. */
export function expressionAttributes(fragments: readonly (Fragment | undefined)[]) {
  const { names, values } = mergeFragments(fragments.filter((fragment) => fragment !== undefined));
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: prefixed('#', names) as Record<string, string> }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: toAttributes(prefixed(':', values)) }),
  };
}
