import * as z from 'zod';

/** Ids are UUIDs, version 7, so that they sort by time. Any version is taken, since a wrong one is simply not found. */
export const id = z.uuid().meta({ example: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' });
export const timestamp = z.iso.datetime().meta({ example: '2026-01-31T09:30:00.000Z' });

const graphic = /^[^\p{Cc}\p{Cs}]*$/u;

/** `graphic`, and long enough when trimmed: for the OpenAPI document, which knows of no trimming. */
function trimmedPattern(min: number): string {
  const control = '\\u0000-\\u001f\\u007f-\\u009f';
  const [any, solid] = [`[^${control}]`, `[^\\s${control}]`];
  return min === 1 ? `^${any}*${solid}${any}*$` : `^${any}*${solid}${any}{${min - 2},}${solid}${any}*$`;
}

/** One line that a person wrote: trimmed, without control characters, its length (at least 1) counted after trimming. */
export const line = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(graphic, { error: 'must not hold control characters' })
    .meta({ pattern: trimmedPattern(min) });

/** Several lines: as `line`, with tabs and line breaks. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u, { error: 'must not hold control characters' });

/** A whole number in a query string; API Gateway hands over text. */
export const integerParam = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)
    .meta({ parameter: { type: 'integer', minimum: min, maximum: max, default: fallback } });

export const booleanParam = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ parameter: { type: 'boolean' } });

export const timeParam = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());

/** `aws` → `[aA][wW][sS]`. */
const inAnyCase = (name: string) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** One of some names, typed in upper or lower case. */
export const oneOfNames = <const Names extends readonly string[]>(names: Names) =>
  z
    .string()
    .max(32)
    .toLowerCase()
    .pipe(z.enum(names))
    .meta({
      example: names[0],
      description: 'Upper or lower case',
      pattern: `^(${names.map(inAnyCase).join('|')})$`,
    });

/** For `params` of `/things/{id}`. */
export const idParams = z.strictObject({ id });
