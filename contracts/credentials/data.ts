import * as z from 'zod';
import { id } from '../shared/fields.ts';
import { awsKeys, awsRole } from './aws.ts';
import { gcpKey, gcpWorkload } from './gcp.ts';
import type { ProviderName } from './providers.ts';

/** Azure's ids have the form of UUIDs, whatever their version. */
const guid = z.guid({ error: 'must be a UUID' }).meta({ example: '01926f3c-7b4e-4d10-9c3a-5b1f0e2d4c6a' });

/** An app registration with a client secret, and the subscription that it may use. */
const azureData = z
  .strictObject({
    tenant_id: guid,
    client_id: guid,
    client_secret: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, { error: 'must be 1 to 255 printable characters without spaces' })
      .meta({ example: 'Abc8Q~exampleExampleExampleExampleExample' }),
    subscription_id: guid,
  })
  .meta({ id: 'AzureCredentialData' });

/** A node of one's own: what opens it is the node's, not a secret of the user's. */
const libvirtData = z.strictObject({ node_id: id }).meta({ id: 'LibvirtCredentialData' });

/** What a credential is made of, by its provider. */
export const dataByProvider = {
  aws: z.union([awsKeys, awsRole]),
  gcp: z.union([gcpKey, gcpWorkload]),
  azure: azureData,
  libvirt: libvirtData,
} as const satisfies Record<ProviderName, z.ZodType>;

/** Of whichever provider; in one union, so that the alternative that fits best says what is wrong. */
export const anyData = z.union([awsKeys, awsRole, gcpKey, gcpWorkload, azureData, libvirtData]);
export type CredentialData = z.output<typeof anyData>;
