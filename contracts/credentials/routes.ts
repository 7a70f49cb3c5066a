import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { id, idParams, line, oneOfNames, timestamp } from '../shared/fields.ts';
import { listOf, listQuery } from '../shared/list.ts';
import { trustPolicy } from './aws.ts';
import { anyData, type CredentialData, dataByProvider } from './data.ts';
import { type ProviderName, providerNames } from './providers.ts';

const tag = 'Credentials';

/** What anyone may see of a credential. The secret goes in and never comes out. */
export const credential = z
  .strictObject({
    id,
    workspace_id: id,
    name: z.string().meta({ example: 'Production' }),
    provider: z.enum(providerNames),
    is_active: z.boolean(),
    /** Of a keyless one alone, and so the three below. None of them is a secret. */
    role_arn: z.string().optional(),
    external_id: z.string().optional(),
    trust_policy: trustPolicy.optional(),
    /** When the role last turned out to be ours to assume, and nobody else's; null until then, and it is not active before. */
    verified_at: timestamp.nullable().optional(),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Credential' });
export type Credential = z.output<typeof credential>;

const name = line(1, 100);

interface GivenData {
  data?: CredentialData | undefined;
  credentials?: CredentialData | undefined;
}

/** The secret, under whichever of its two names it came. */
export const givenData = ({ data, credentials }: GivenData): CredentialData | undefined => data ?? credentials;

/** Which of the two, for an issue to name. */
export const dataField = ({ data }: GivenData): 'data' | 'credentials' => (data === undefined ? 'credentials' : 'data');

const notBoth = { error: 'send either data or credentials, not both', path: ['credentials'] };

const createOf = <Provider extends ProviderName>(provider: Provider) =>
  z
    .strictObject({
      workspace_id: id,
      name: name.optional(),
      provider: z.literal(provider),
      data: dataByProvider[provider].optional(),
      credentials: dataByProvider[provider].optional(),
    })
    .refine(({ data, credentials }) => data === undefined || credentials === undefined, notBoth)
    .refine((body) => givenData(body) !== undefined, { error: 'is required', path: ['data'] })
    // The rules above in JSON Schema, for the OpenAPI document; likewise below.
    .meta({ oneOf: [{ required: ['data'] }, { required: ['credentials'] }] });

/** The message names what may be sent, never what was. */
const createByName = z.discriminatedUnion(
  'provider',
  [createOf('aws'), createOf('gcp'), createOf('azure'), createOf('libvirt')],
  {
    error: ({ code }) => (code === 'invalid_union' ? `must be one of ${providerNames.join(', ')}` : undefined),
  },
);

/** A provider's name matches without case, here as everywhere. */
const createBody = z.preprocess((given) => {
  const provider = (given as { provider?: unknown } | null | undefined)?.provider;
  return typeof provider === 'string' ? { ...(given as object), provider: provider.toLowerCase() } : given;
}, createByName);

/** It says no provider: the use case holds the data to that of the credential. */
const updateBody = z
  .strictObject({
    name: name.optional(),
    data: anyData.optional(),
    credentials: anyData.optional(),
    is_active: z.boolean().optional(),
  })
  .refine(({ data, credentials }) => data === undefined || credentials === undefined, notBoth)
  .meta({ not: { required: ['data', 'credentials'] } });

/** Why the cloud did not take a credential. */
export const rejectionReasons = [
  'KEY_REJECTED',
  'REGION_UNKNOWN',
  'ROLE_NOT_ASSUMABLE',
  'EXTERNAL_ID_NOT_CHECKED',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

const verification = z
  .strictObject({
    ok: z.boolean(),
    /** The cloud's own id of the account that the credential is good for. */
    account: z.string().nullable().meta({ example: '111122223333' }),
    checked_at: timestamp,
    reason: z.enum(rejectionReasons).optional(),
  })
  .meta({ id: 'CredentialVerification' });

export const credentialRoutes = defineRoutes('credentials-api', {
  'credentials.create': route({
    method: 'POST',
    path: '/api/v1/credentials',
    summary: 'Store a credential',
    description:
      '`credentials` is taken for `data`. The secret is encrypted and never answered. With `role_arn` AWS is entered without a key: ' +
      'the answer has the `trust_policy` for the role, and the credential is active once verify has said `ok`.',
    who: { kind: 'workspace', role: 'admin', at: 'body' },
    body: createBody,
    answer: { status: 201, data: credential },
    counted: 'caller',
    audit: { resource: 'credential', action: 'create' },
    idempotent: true,
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'credentials.list': route({
    method: 'GET',
    path: '/api/v1/credentials',
    summary: 'List the credentials of a workspace, or of all of yours',
    who: { kind: 'workspace', role: 'viewer', at: 'query' },
    query: listQuery(
      { sort: ['name', 'created_at', 'updated_at'] },
      { workspace_id: id.optional(), provider: z.array(oneOfNames(providerNames)).max(20).optional() },
    ),
    answer: { status: 200, data: listOf('credentials', credential) },
    counted: 'caller',
    audit: { resource: 'credential', action: 'list' },
    tag,
  }),
  'credentials.get': route({
    method: 'GET',
    path: '/api/v1/credentials/{id}',
    summary: 'Get a credential, without its secret',
    who: { kind: 'workspace', role: 'viewer', at: 'thing' },
    params: idParams,
    answer: { status: 200, data: credential },
    counted: 'caller',
    audit: { resource: 'credential', action: 'read' },
    versioned: true,
    tag,
  }),
  'credentials.update': route({
    method: 'PUT',
    path: '/api/v1/credentials/{id}',
    summary: 'Rename, replace, disable or enable a credential',
    description:
      'Machines that already use a disabled credential keep it; nothing new can be made with it. Another `role_arn` has to be verified first; ' +
      'one of another account is a CONFLICT with `data.blocking` while machines use the credential.',
    who: { kind: 'workspace', role: 'admin', at: 'thing' },
    params: idParams,
    body: updateBody,
    answer: { status: 200, data: credential },
    counted: 'caller',
    audit: { resource: 'credential', action: 'update' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'credentials.delete': route({
    method: 'DELETE',
    path: '/api/v1/credentials/{id}',
    summary: 'Delete a credential that nothing uses',
    who: { kind: 'workspace', role: 'admin', at: 'thing' },
    params: idParams,
    answer: { status: 200, message: 'credential.deleted' },
    counted: 'caller',
    audit: { resource: 'credential', action: 'delete' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
});

/** Those that open the secret: a function of their own serves them. */
export const credentialCheckRoutes = defineRoutes('credential-checks', {
  'credentials.verify': route({
    method: 'POST',
    path: '/api/v1/credentials/{id}/verify',
    summary: 'Ask the cloud whether a credential is good',
    description:
      'Activates a keyless credential when its role lets us in with its external id and with no other. A cloud that does not answer is SERVICE_UNAVAILABLE.',
    who: { kind: 'workspace', role: 'admin', at: 'thing' },
    params: idParams,
    answer: { status: 200, data: verification },
    counted: 'caller',
    audit: { resource: 'credential', action: 'verify' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'credentials.rotate': route({
    method: 'POST',
    path: '/api/v1/credentials/{id}/rotate',
    summary: 'Encrypt a credential under a fresh data key',
    description: 'The secret itself stays the same.',
    who: { kind: 'workspace', role: 'admin', at: 'thing' },
    params: idParams,
    answer: { status: 200, data: credential },
    counted: 'caller',
    audit: { resource: 'credential', action: 'rotate' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
});
