import type { Fragment } from './types.ts';

const used = { names: /#(\w+)/g, values: /:(\w+)/g };

const namesIn = (text: string) => [...text.matchAll(used.names)].map((match) => match[1] as string);
const valuesIn = (text: string) => [...text.matchAll(used.values)].map((match) => match[1] as string);

/**
 * Equal by what is stored, so that two copies of one value do not clash. JSON will not do: to it a set is `{}`, a bigint
 * an error, and `undefined` nothing.
 */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [left, right] = [entriesOf(a), entriesOf(b)];
  return (
    left.length === right.length &&
    left.every(([key, value], at) => key === right[at]?.[0] && isSame(value, right[at]?.[1]))
  );
}

const entriesOf = (value: object): [unknown, unknown][] =>
  value instanceof Set ? [...value].map((member, at) => [at, member]) : Object.entries(value);

/** The fragment with exactly the names and values that its text uses, every name resolved. */
export function resolveFragment(fragment: Fragment): Required<Fragment> {
  const names: Record<string, string> = {};
  for (const name of namesIn(fragment.text)) names[name] = fragment.names?.[name] ?? name;
  const values: Record<string, unknown> = {};
  for (const name of valuesIn(fragment.text)) {
    const value = fragment.values?.[name];
    if (value === undefined) throw new TypeError(`cannot use "${fragment.text}": it has no value for :${name}`);
    values[name] = value;
  }
  return { text: fragment.text, names, values };
}

/** The names and values of several fragments in one request; one name for two things throws. */
export function mergeFragments(fragments: readonly Fragment[]): Pick<Required<Fragment>, 'names' | 'values'> {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const fragment of fragments.map(resolveFragment)) {
    for (const [name, attribute] of Object.entries(fragment.names)) {
      if (Object.hasOwn(names, name) && names[name] !== attribute) throw clash(`#${name}`, fragments);
      names[name] = attribute;
    }
    for (const [name, value] of Object.entries(fragment.values)) {
      if (Object.hasOwn(values, name) && !isSame(values[name], value)) throw clash(`:${name}`, fragments);
      values[name] = value;
    }
  }
  return { names, values };
}

const clash = (name: string, fragments: readonly Fragment[]) =>
  new TypeError(
    `cannot merge ${fragments.map(({ text }) => `"${text}"`).join(' and ')}: ${name} stands for two things`,
  );

/** There is no item under the key. */
export const absent: Fragment = { text: 'attribute_not_exists(#pk)' };

/** There is an item under the key. */
export const exists: Fragment = { text: 'attribute_exists(#pk)' };

/** The attribute has this value. The value is named `:is_<attribute>`, so `SET #version = :version` may stand beside it. */
export function equals(attribute: string, value: unknown): Fragment {
  if (!/^\w+$/.test(attribute))
    throw new TypeError(`cannot compare "${attribute}": write the fragment, with a name for the path`);
  return { text: `#${attribute} = :is_${attribute}`, values: { [`is_${attribute}`]: value } };
}

/** All of them hold. */
export function all(...fragments: Fragment[]): Fragment {
  if (fragments.length === 0) throw new TypeError('cannot join conditions: there are none');
  return { text: fragments.map(({ text }) => `(${text})`).join(' AND '), ...mergeFragments(fragments) };
}
