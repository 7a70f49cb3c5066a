import * as z from 'zod';
import { id, line, timestamp } from '../shared/fields.ts';
import { vmProviders } from './providers.ts';
import { vmStatuses } from './vm-states.ts';

export const vm = z
  .strictObject({
    id,
    workspace_id: id,
    credential_id: id,
    name: z.string().meta({ example: 'web-1' }),
    provider: z.enum(vmProviders),
    instance_type: z.string().meta({ example: 't3.micro' }),
    region: z.string().meta({ example: 'eu-west-1' }),
    /** Until the default image has been chosen: null. */
    image_id: z.string().nullable().meta({ example: 'ami-0123456789abcdef0' }),
    key_pair: z.string().nullable(),
    status: z.enum(vmStatuses),
    /** The provider's own id of the machine; null while there is none. */
    instance_id: z.string().nullable().meta({ example: 'i-0123456789abcdef0' }),
    public_ip: z.string().nullable(),
    private_ip: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
    expires_at: timestamp.nullable(),
    estimated_monthly_cost: z.number().nullable(),
    /** Why it is in `error`: a code, and after `: ` what the provider said. */
    status_reason: z.string().nullable().meta({ example: 'MACHINE_GONE' }),
    /** When the provider last said how the machine is. */
    observed_at: timestamp.nullable(),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Vm' });
export type Vm = z.output<typeof vm>;

/** `aws` → `[aA][wW][sS]`. */
const inAnyCase = (name: string) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

export const provider = z
  .string()
  .max(32)
  .toLowerCase()
  .pipe(z.enum(vmProviders))
  .meta({ example: 'aws', description: 'Upper or lower case', pattern: `^(${vmProviders.map(inAnyCase).join('|')})$` });

/** A name of the provider's own, such as `t3.micro` or `eu-west-1`: whether there is such a thing, the provider judges. */
const providerName = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w.:/-]+$/, { error: 'must be a name of the provider' });

/** EC2 takes 50 tags a machine, of which three are ours. */
export const maxTags = 47;

/** What EC2 takes in tags (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html). */
const tagText = /^[\p{L}\p{N}\p{Zs}_.:/=+\-@]*$/u;
const tagError = 'must hold letters, digits, spaces and _ . : / = + - @ alone';
const reserved = /^(aws|skyclust):/i;

const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(tagText, { error: tagError })
  .refine((key) => !reserved.test(key), { error: 'must not begin with aws: or skyclust:' });
const tagValue = z.string().max(256).regex(tagText, { error: tagError });

export const newVm = z.strictObject({
  name: line(3, 100),
  provider,
  instance_type: providerName(64),
  region: providerName(64),
  workspace_id: id.optional().meta({ description: 'May be left out by a member of exactly one workspace' }),
  image_id: providerName(128).optional().meta({ description: "Default: the provider's current Linux for that type" }),
  key_pair: line(1, 255).optional(),
  credential_id: id.optional().meta({ description: 'May be left out where the workspace has one of that provider' }),
  tags: z
    .record(tagKey, tagValue)
    .refine((tags) => Object.keys(tags).length <= maxTags, { error: `must hold at most ${maxTags} tags` })
    .optional(),
  expires_at: z.iso
    .datetime({ offset: true })
    .transform((value) => new Date(value).toISOString())
    .optional()
    .meta({ example: '2026-12-31T00:00:00.000Z' }),
});
