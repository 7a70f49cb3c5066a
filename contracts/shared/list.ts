import * as z from 'zod';
import { integerParam } from './fields.ts';

export const pagination = z
  .strictObject({
    limit: z.int(),
    offset: z.int(),
    total: z.int(),
    has_next: z.boolean(),
    has_prev: z.boolean(),
    next_cursor: z.string().nullable().optional(),
    total_capped: z.boolean().optional(),
  })
  .meta({ id: 'Pagination', example: { limit: 20, offset: 0, total: 1, has_next: false, has_prev: false } });

export type Pagination = z.output<typeof pagination>;

export interface Sort<Field extends string = string> {
  field: Field;
  direction: 'asc' | 'desc';
}

const sortParam = <const Fields extends readonly string[]>(fields: Fields, fallback: string) =>
  z
    .enum(fields.flatMap((field) => [`${field}:asc`, `${field}:desc`]))
    .default(fallback)
    .transform((value) => {
      const [field, direction] = value.split(':');
      return { field, direction } as Sort<Fields[number]>;
    });

interface ListOptions<Fields extends readonly string[]> {
  sort: Fields;
  /** `created_at:desc` unless given. */
  defaultSort?: `${Fields[number]}:${'asc' | 'desc'}`;
  defaultLimit?: number;
}

const common = <const Fields extends readonly string[]>(options: ListOptions<Fields>, maxOffset: number) => ({
  limit: integerParam(1, 100, options.defaultLimit ?? 20),
  offset: integerParam(0, maxOffset, 0),
  sort: sortParam(options.sort, options.defaultSort ?? 'created_at:desc'),
});

/** The query of a collection that a quota bounds: it is read whole, so any offset is exact. */
export const listQuery = <const Fields extends readonly string[], Filters extends z.ZodRawShape>(
  options: ListOptions<Fields>,
  filters: Filters,
) => z.strictObject({ ...common(options, 100_000), ...filters });

/** The query of a stream that grows for ever: pages go by cursor, offsets to 1,000. */
export const streamQuery = <const Fields extends readonly string[], Filters extends z.ZodRawShape>(
  options: ListOptions<Fields>,
  filters: Filters,
) => z.strictObject({ ...common(options, 1_000), cursor: z.string().max(1_024).optional(), ...filters });

/** `data` of a list: keyed by the plural name, beside `pagination`. */
export const listOf = <Name extends string, Thing extends z.ZodType>(name: Name, thing: Thing) =>
  z.strictObject({ [name]: z.array(thing), pagination } as Record<Name, z.ZodArray<Thing>> & {
    pagination: typeof pagination;
  });
