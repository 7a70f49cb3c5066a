import * as z from 'zod';
import type { Schema } from './types.ts';

export type Direction = 'input' | 'output';

/** The schemas of the document that have a name, gathered as routes are described. */
export interface SchemaCollection {
  /** The JSON Schema of what is sent or answered; parts with a `meta` id are references. */
  describe(schema: z.ZodType, direction: Direction): Schema;
  components(): Readonly<Record<string, Schema>>;
}

type Writable = Record<string, unknown>;

/** Formats that say all that zod's long patterns say, in a word that other tools know. */
const spoken = new Set(['uuid', 'date-time']);

/**
 * Brings zod's JSON Schema to what OpenAPI's tools read: `examples` for `example`, no patterns where a format says it, none in words that
 * only JavaScript knows, no bounds that are just those of safe integers. What stands in a query is told as its `meta` parameter.
 */
function adapt(schema: Writable): void {
  const { parameter, example, description } = schema;
  if (parameter !== undefined) {
    for (const name of Object.keys(schema)) delete schema[name];
    Object.assign(schema, parameter, description !== undefined && { description });
    return;
  }
  if (example !== undefined) {
    delete schema['example'];
    schema['examples'] = [example];
  }
  // The word takes any offset, zod's pattern only those that it names.
  const isUtc = schema['format'] === 'date-time' && !String(schema['pattern']).includes('[+-]');
  if (spoken.has(String(schema['format']))) delete schema['pattern'];
  if (isUtc) schema['pattern'] = 'Z$';
  // Of addresses zod takes some that the word does not mean, and others not: its pattern says which.
  if (schema['format'] === 'email') {
    delete schema['format'];
    schema['examples'] ??= ['minji@example.com'];
  }
  if (typeof schema['pattern'] === 'string') setPattern(schema, portable(schema['pattern']));
  // Several patterns of one text.
  if (Array.isArray(schema['allOf'])) {
    const kept = schema['allOf'].filter((part: Writable) => {
      adapt(part);
      return Object.keys(part).length > 0;
    });
    if (kept.length > 0) schema['allOf'] = kept;
    else delete schema['allOf'];
  }
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

function setPattern(schema: Writable, pattern: string | undefined): void {
  if (pattern === undefined) delete schema['pattern'];
  else schema['pattern'] = pattern;
}

/** Control characters as a range; lone surrogates can't be sent in UTF-8; other classes of Unicode are left to the API to judge. */
function portable(pattern: string): string | undefined {
  const spelled = pattern.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f').replaceAll('\\p{Cs}', '');
  return /\\[pP]\{/.test(spelled) ? undefined : spelled;
}

const prefix = '#/components/schemas/';

/** References into the document's components instead of the schema's own definitions. */
function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink);
  if (typeof value !== 'object' || value === null) return value;
  const links = Object.entries(value).map(([key, inner]) =>
    key === '$ref' ? [key, String(inner).replace('#/$defs/', prefix)] : [key, relink(inner)],
  );
  return Object.fromEntries(links);
}

export function createSchemaCollection(): SchemaCollection {
  const components = new Map<string, Schema>();

  return {
    describe(schema, direction) {
      // Inside of another a schema with an id is a reference; at the root it would be spelled out.
      const whole: unknown = z.toJSONSchema(z.object({ it: schema }), {
        io: direction,
        override: ({ jsonSchema }) => adapt(jsonSchema as Writable),
      });
      const { properties, $defs = {} } = whole as { properties: { it: Schema }; $defs?: Record<string, Schema> };
      for (const [name, found] of Object.entries($defs)) {
        const { id: _, ...definition } = found;
        const component = relink(definition) as Schema;
        const known = components.get(name);
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
          throw new Error(
            `cannot describe schema ${name}: two schemas have this id, or it is sent and answered in different forms`,
          );
        }
        components.set(name, component);
      }
      return relink(properties.it) as Schema;
    },
    components: () => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
