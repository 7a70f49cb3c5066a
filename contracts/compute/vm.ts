import * as z from 'zod';
import { id, line, oneOfNames, timestamp } from '../shared/fields.ts';
import { vmProviders } from './providers.ts';
import { vmStatuses } from './vm-states.ts';

export const vm = z
  .strictObject({
    id,
    workspace_id: id,
    credential_id: id,
    name: z.string().meta({ example: 'web-1' }),
    provider: z.enum(vmProviders),
    instance_type: z.string().meta({
      example: 't3.micro',
      description: 'Of a stopped VM the type that it starts with next, else the one that its machine has',
    }),
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
    /** Why it is in `error`, or what is known of its machine besides: a code, and after `: ` what the provider said. */
    status_reason: z.string().nullable().meta({ example: 'MACHINE_GONE' }),
    /** When the provider last said how the machine is. */
    observed_at: timestamp.nullable(),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Vm' });
export type Vm = z.output<typeof vm>;

/** The one order in which every route answers them. */
export const vmFields = Object.keys(vm.shape) as (keyof Vm)[];

export const provider = oneOfNames(vmProviders);

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

const vmName = line(3, 100);
const tags = z
  .record(tagKey, tagValue)
  .refine((given) => Object.keys(given).length <= maxTags, { error: `must hold at most ${maxTags} tags` });
/** In UTC it may be in another year, and only those of four digits sort as they follow each other. */
const expiresAt = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value).toISOString())
  .refine((value) => /^\d{4}-/.test(value), { error: 'must be within the years 0000 to 9999' })
  .meta({ example: '2026-12-31T00:00:00.000Z' });

/** VMs that one request can make: with all that each writes they fit one transaction. */
export const maxCount = 20;

/** EC2's limit, in bytes before base64 (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html). */
export const maxUserDataBytes = 16_384;

const userData = z
  .string()
  .min(1)
  .max(maxUserDataBytes)
  .refine((value) => value.isWellFormed(), { error: 'must be well-formed text' })
  .refine((value) => new TextEncoder().encode(value).length <= maxUserDataBytes, {
    error: `must be at most ${maxUserDataBytes} bytes of UTF-8`,
  })
  .meta({ description: 'What cloud-init runs on the first boot; may hold secrets, and is never shown again' });

/** `name-3`, of several; the name alone of one. */
export const nameOf = (name: string, at: number, count: number): string => (count === 1 ? name : `${name}-${at + 1}`);

export const newVm = z
  .strictObject({
    name: vmName,
    provider,
    instance_type: providerName(64),
    region: providerName(64),
    workspace_id: id.optional().meta({ description: 'May be left out by a member of exactly one workspace' }),
    image_id: providerName(128).optional().meta({ description: "Default: the provider's current Linux for that type" }),
    key_pair: line(1, 255).optional(),
    credential_id: id.optional().meta({ description: 'May be left out where the workspace has one of that provider' }),
    user_data: userData.optional(),
    tags: tags.optional(),
    expires_at: expiresAt.optional(),
    count: z.int().min(1).max(maxCount).optional(),
  })
  .refine(({ name, count = 1 }) => nameOf(name, count - 1, count).length <= 100, {
    path: ['name'],
    error: 'must leave room for the number that each of several VMs gets',
  });

/** What a creation answers: the VM, or all of several. */
export const newVms = z.union([vm, z.strictObject({ vms: z.array(vm) })]);

export const vmChange = z.strictObject({
  name: vmName.optional(),
  tags: tags.optional().meta({ description: 'All of them: those left out are taken off the machine' }),
  expires_at: expiresAt.nullable().optional().meta({ description: 'null removes it' }),
  instance_type: providerName(64)
    .optional()
    .meta({ description: 'Another one is for a stopped VM, and holds from its next start' }),
});
