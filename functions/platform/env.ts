/**
 * How a variable is read: `string` is not empty, `text` may be, `list` is split at commas, `flag` is on at `1`, `json` is
 * any JSON. A function reads the text itself and throws for what does not fit.
 */
export type EnvKind = 'string' | 'text' | 'list' | 'flag' | 'json' | ((text: string) => unknown);

interface Kinds {
  string: string;
  text: string;
  list: string[];
  flag: boolean;
  json: unknown;
}

type Value<Kind> = Kind extends keyof Kinds ? Kinds[Kind] : Kind extends (text: string) => infer Read ? Read : never;

export type Env<Shape> = { readonly [Name in keyof Shape]: Value<Shape[Name]> };

/** May be left out altogether. */
const optional: readonly EnvKind[] = ['text', 'flag'];

/**
 * Reads what a function needs of its environment, once, as it starts. One error names everything that is missing or
 * malformed, and shows no value.
 */
export function readEnv<const Shape extends Record<string, EnvKind>>(
  shape: Shape,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Env<Shape> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, kind] of Object.entries(shape)) {
    const text = source[name] ?? '';
    if (text === '' && !optional.includes(kind)) faults.push(`${name} is missing`);
    else {
      try {
        values[name] = readValue(kind, text);
      } catch {
        faults.push(`${name} is malformed`);
      }
    }
  }
  if (faults.length > 0) throw new Error(`cannot read the environment: ${faults.join(', ')}`);
  return values as Env<Shape>;
}

function readValue(kind: EnvKind, text: string): unknown {
  if (typeof kind === 'function') return kind(text);
  switch (kind) {
    case 'json':
      return JSON.parse(text);
    case 'list':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    case 'flag':
      return text === '1';
    default:
      return text;
  }
}
