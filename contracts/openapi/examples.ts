import type * as z from 'zod';
import type { Schema } from './types.ts';

type Lookup = (reference: string) => Schema | undefined;

const byFormat: Readonly<Record<string, string>> = {
  uuid: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
  'date-time': '2026-01-31T09:30:00.000Z',
  uri: 'https://example.com/',
};

/** Named after its property, and as long as it must be. */
function textExample(
  { minLength = 0, maxLength = 1_000, format }: Schema & { minLength?: number; maxLength?: number },
  name: string,
): string {
  const known = byFormat[String(format)];
  if (known !== undefined) return known;
  return name.padEnd(minLength, '.').slice(0, maxLength);
}

/** Of an object with properties they only say more of these. */
function alternativesOf({ anyOf, oneOf, properties }: Schema): readonly Schema[] {
  return properties === undefined ? ((anyOf ?? oneOf ?? []) as readonly Schema[]) : [];
}

/** A value of the schema, by its own example where it has one; object properties chosen by `takes`. */
function exampleOf(
  schema: Schema,
  name: string,
  lookup: Lookup,
  takes: (property: string, depth: number) => boolean,
  depth = 0,
): unknown {
  const { examples, const: constant, enum: values, $ref, type, default: fallback } = schema as Record<string, unknown>;
  if (Array.isArray(examples)) return examples[0];
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0];
  const inner = (part: Schema, of = name, down = depth) => exampleOf(part, of, lookup, takes, down);
  if (typeof $ref === 'string') return inner(lookup($ref) ?? {});
  const [first] = alternativesOf(schema);
  if (first !== undefined) return inner(first);
  if (fallback !== undefined) return fallback;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object': {
      const { properties = {}, required = [] } = schema as {
        properties?: Record<string, Schema>;
        required?: readonly string[];
      };
      const chosen = Object.entries(properties).filter(
        ([property]) => required.includes(property) || takes(property, depth),
      );
      return Object.fromEntries(chosen.map(([property, part]) => [property, inner(part, property, depth + 1)]));
    }
    case 'array':
      return [inner((schema['items'] ?? {}) as Schema)];
    case 'string':
      return textExample(schema, name);
    case 'integer':
    case 'number':
      return Math.max(Number(schema['minimum'] ?? 1), 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

/**
 * An example that the schema takes: with every optional property of the root; else, where some exclude or need each other, without one of them, with one
 * of them, or with none. Undefined when a part needs an example of its own (`.meta({ example })`).
 */
export function findExample(schema: z.ZodType, described: Schema, lookup: Lookup): unknown {
  const root = (typeof described['$ref'] === 'string' ? lookup(described['$ref']) : described) ?? {};
  const alternatives = alternativesOf(root);
  for (const alternative of alternatives.length > 0 ? alternatives : [root]) {
    const names = Object.keys((alternative['properties'] ?? {}) as object);
    const choices: ((name: string) => boolean)[] = [
      () => true,
      ...names.toReversed().map((left) => (name: string) => name !== left),
      ...names.map((only) => (name: string) => name === only),
      () => false,
    ];
    for (const chooses of choices) {
      const example = exampleOf(alternative, 'example', lookup, (name, depth) => depth > 0 || chooses(name));
      if (schema.safeParse(example).success) return example;
    }
  }
  return undefined;
}
