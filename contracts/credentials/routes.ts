import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { id, idParams, line, timestamp } from '../shared/fields.ts';
import { listOf, listQuery } from '../shared/list.ts';
import { type CredentialData, dataByProvider, type SupportedProvider } from './data.ts';
import { providerNames } from './providers.ts';

const tag = 'Credentials';

/** What anyone may see of a credential. The secret goes in and never comes out. */
export const credential = z
  .strictObject({
    id,
    workspace_id: id,
    name: z.string().meta({ example: 'Production' }),
    provider: z.enum(providerNames),
    is_active: z.boolean(),
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

const notBoth = { error: 'send either data or credentials, not both', path: ['credentials'] };

const createOf = <Provider extends SupportedProvider>(provider: Provider) =>
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
    // The same for who reads the OpenAPI document; and below.
    .meta({ oneOf: [{ required: ['data'] }, { required: ['credentials'] }] });

const providerOf = (input: unknown) => (input as { provider?: unknown } | undefined)?.provider;

/** The message names what may be sent, never what was. */
const createBody = z.discriminatedUnion('provider', [createOf('aws')], {
  error: ({ code, input }) => {
    if (code !== 'invalid_union') return undefined;
    if (providerNames.some((known) => known === providerOf(input)))
      return 'is not supported yet: only aws credentials can be stored';
    return `must be one of ${providerNames.join(', ')}`;
  },
});

/** It says no provider: the use case holds the data to that of the credential. */
const updateBody = z
  .strictObject({
    name: name.optional(),
    data: dataByProvider.aws.optional(),
    credentials: dataByProvider.aws.optional(),
    is_active: z.boolean().optional(),
  })
  .refine(({ data, credentials }) => data === undefined || credentials === undefined, notBoth)
  .meta({ not: { required: ['data', 'credentials'] } });

export const credentialRoutes = defineRoutes('credentials-api', {
  'credentials.create': route({
    method: 'POST',
    path: '/api/v1/credentials',
    summary: 'Store a credential',
    description: '`credentials` is taken for `data`. The secret is encrypted and never answered.',
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
      { workspace_id: id.optional(), provider: z.array(z.enum(providerNames)).optional() },
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
    description: 'Machines that already use a disabled credential keep it; nothing new can be made with it.',
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
