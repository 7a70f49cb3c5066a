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

/** Formats that say what zod's long patterns say, in words that other tools know. */
const spoken = new Set(['uuid', 'date-time', 'email', 'uri']);

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
  if (spoken.has(String(schema['format']))) delete schema['pattern'];
  if (typeof schema['pattern'] === 'string') schema['pattern'] = portable(schema['pattern']);
  if (schema['pattern'] === undefined) delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

/** Control characters as a range; lone surrogates can't be sent in UTF-8; other classes of Unicode are left to the API to judge. */
function portable(pattern: string): string | undefined {
  const spelled = pattern.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f').replaceAll('\\p{Cs}', '');
  return /\\[pP]\{/.test(spelled) ? undefined : spelled;
}

const prefix = '#/components/schemas/';

/** References into the document's components instead of the schema's own definitions. */
function relink(value: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((element) => relink(element, nameOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, `${prefix}${nameOf(inner.replace('#/$defs/', ''))}`]
        : [key, relink(inner, nameOf)],
    ),
  );
}

export function createSchemaCollection(): SchemaCollection {
  const components = new Map<string, Schema>();

  return {
    describe(schema, direction) {
      // Inside of another a schema with an id is a reference; at the root it would be spelled out.
      const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
        io: direction,
        override: ({ jsonSchema }) => adapt(jsonSchema as Writable),
      }) as { properties: { it: Schema }; $defs?: Record<string, Schema> };
      const names = new Map<string, string>();
      const nameOf = (name: string) => names.get(name) ?? name;
      for (const name of Object.keys($defs)) names.set(name, name);
      for (const [name, found] of Object.entries($defs)) {
        const { id: _, ...definition } = found;
        const component = relink(definition, nameOf) as Schema;
        const known = components.get(name);
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
          throw new Error(
            `cannot describe schema ${name}: two schemas have this id, or it is sent and answered in different forms`,
          );
        }
        components.set(name, component);
      }
      return relink(properties.it, nameOf) as Schema;
    },
    components: () => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
