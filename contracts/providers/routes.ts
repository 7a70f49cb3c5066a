import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { id } from '../shared/fields.ts';
import { costEstimate, image, instance, instanceType, orphan, provider, region } from './catalog.ts';

const tag = 'Providers';

/** Upper or lower case: whether there is such a provider, the use case says, with NOT_FOUND. */
const name = z.string().min(1).max(128).toLowerCase().meta({ example: 'aws', description: 'Upper or lower case' });
const nameParams = z.strictObject({ name });

/** A name of the provider's own; it ends up in host names and keys. */
const providerName = (max: number, example: string) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w.:-]+$/, { error: 'must be a name of the provider' })
    .meta({ example });

const regionName = providerName(64, 'eu-west-1').regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a name of a region' });

const whose = {
  workspace_id: id.optional().meta({ description: 'Whose credential is used, where it has one of this provider' }),
  credential_id: id
    .optional()
    .meta({ description: 'The credential that is used. Default: the only one in your reach' }),
};
const inRegion = z.strictObject({
  ...whose,
  region: regionName.optional().meta({ description: "Default: the credential's own", example: 'eu-west-1' }),
});

const reading = { counted: 'caller', tag } as const;
const viewer = { kind: 'workspace', role: 'viewer', at: 'query' } as const;
/** Beyond what every read answers: a credential that can't be chosen or is refused, and a provider that does not answer. */
const ofProvider = ['VALIDATION_ERROR', 'NOT_FOUND', 'CONFLICT', 'SERVICE_UNAVAILABLE'] as const;

export const providerRoutes = defineRoutes('providers-api', {
  'providers.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers',
    summary: 'List the providers and what can be done with each',
    who: { kind: 'caller' },
    answer: { status: 200, data: z.strictObject({ providers: z.array(provider) }) },
    audit: { resource: 'provider', action: 'list' },
  }),
  'providers.get': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}',
    summary: 'Get a provider',
    who: { kind: 'caller' },
    params: nameParams,
    answer: { status: 200, data: provider },
    audit: { resource: 'provider', action: 'read' },
    errors: ['NOT_FOUND'],
  }),
  'instances.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/instances',
    summary: 'List the instances of a cloud account in a region',
    description: 'Whoever made them; the first 1,000. Asked of the provider each time.',
    who: viewer,
    params: nameParams,
    query: inRegion,
    answer: { status: 200, data: z.array(instance) },
    audit: { resource: 'instance', action: 'list' },
    errors: ofProvider,
  }),
  'instances.get': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/instances/{id}',
    summary: 'Get an instance of a cloud account',
    who: viewer,
    params: z.strictObject({ name, id: providerName(128, 'i-0123456789abcdef0') }),
    query: inRegion,
    answer: { status: 200, data: instance },
    audit: { resource: 'instance', action: 'read' },
    errors: ofProvider,
  }),
  'regions.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/regions',
    summary: 'List the regions of a provider',
    description:
      'With a workspace or a credential, those that its account may use, asked of the provider; else those that are known.',
    who: viewer,
    params: nameParams,
    query: z.strictObject(whose),
    answer: { status: 200, data: z.array(region) },
    audit: { resource: 'region', action: 'list' },
    errors: ofProvider,
  }),
  'instance_types.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/instance-types',
    summary: 'List the instance types of a region, with their prices',
    description: 'The same for everybody, so asked of the provider once a day; a credential is used only then.',
    who: viewer,
    params: nameParams,
    query: inRegion,
    answer: { status: 200, data: z.array(instanceType) },
    audit: { resource: 'instance_type', action: 'list' },
    errors: ofProvider,
  }),
  'images.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/images',
    summary: 'List the current images of the usual systems in a region',
    description:
      'Of AWS: Amazon Linux 2023, Ubuntu LTS, Debian and Windows Server, the newest of each release and processor. Those that the account may use. A VM takes any other image by its id. Asked of the provider once a day and credential.',
    who: viewer,
    params: nameParams,
    query: inRegion,
    answer: { status: 200, data: z.array(image) },
    audit: { resource: 'image', action: 'list' },
    errors: ofProvider,
  }),
  'cost_estimates.create': route({
    ...reading,
    method: 'POST',
    path: '/api/v1/providers/{name}/cost-estimates',
    summary: 'Estimate what an instance type costs for some hours',
    description:
      'On demand, with Linux, on shared hardware; disks and traffic come on top. Kept for 90 days. A type without a known price is a VALIDATION_ERROR; SERVICE_UNAVAILABLE where the price service does not answer and nothing else knows.',
    who: { kind: 'caller' },
    params: nameParams,
    body: z.strictObject({
      instance_type: providerName(64, 't3.micro'),
      region: regionName,
      duration_hours: z
        .number()
        .min(0.01)
        .max(87_600)
        .multipleOf(0.01)
        .meta({ example: 720, description: 'At most ten years, with two decimals' }),
    }),
    answer: { status: 201, data: costEstimate },
    audit: { resource: 'cost_estimate', action: 'create' },
    idempotent: true,
    errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  }),
  'cost_estimates.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/cost-estimates',
    summary: 'List your own cost estimates, the newest 100',
    who: { kind: 'caller' },
    params: nameParams,
    answer: { status: 200, data: z.array(costEstimate) },
    audit: { resource: 'cost_estimate', action: 'list' },
    errors: ['NOT_FOUND'],
  }),
  'orphans.list': route({
    ...reading,
    method: 'GET',
    path: '/api/v1/providers/{name}/orphans',
    summary: 'List machines that carry our tag and have no record',
    description: 'Of all workspaces, as the reconciler saw them last.',
    // They are named with their workspaces, which are seen by who may see any of them.
    who: { kind: 'permission', permission: 'workspace:manage' },
    params: nameParams,
    answer: { status: 200, data: z.array(orphan) },
    audit: { resource: 'orphan', action: 'list' },
    errors: ['NOT_FOUND'],
  }),
});
