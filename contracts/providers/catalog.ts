import * as z from 'zod';
import { vmProviders } from '../compute/providers.ts';
import { id, timestamp } from '../shared/fields.ts';

/** What can be done with a provider here, beyond reading its catalog. */
export const capabilities = ['vms', 'instances', 'regions', 'instance_types', 'images', 'cost_estimates'] as const;
export type Capability = (typeof capabilities)[number];

export const provider = z
  .strictObject({
    name: z.enum(vmProviders),
    display_name: z.string().meta({ example: 'Amazon Web Services' }),
    /** Of our side of it. */
    version: z.string().meta({ example: '1.0.0' }),
    capabilities: z.array(z.enum(capabilities)),
  })
  .meta({ id: 'Provider' });
export type ProviderView = z.output<typeof provider>;

export const instance = z
  .strictObject({
    id: z.string().meta({ example: 'i-0123456789abcdef0' }),
    name: z.string().meta({ example: 'web-1' }),
    /** In the provider's own words. */
    status: z.string().meta({ example: 'running' }),
    type: z.string().meta({ example: 't3.micro' }),
    region: z.string().meta({ example: 'eu-west-1' }),
    public_ip: z.string().nullable(),
    private_ip: z.string().nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'Instance' });

export const region = z
  .strictObject({
    name: z.string().meta({ example: 'us-east-1' }),
    display_name: z.string().meta({ example: 'US East (N. Virginia)' }),
  })
  .meta({ id: 'Region' });

export const instanceType = z
  .strictObject({
    name: z.string().meta({ example: 't3.micro' }),
    vcpus: z.int(),
    memory_mb: z.int(),
    /** How many accelerators it has. */
    gpu: z.int(),
    /** On demand, with Linux, on shared hardware. Null: not known, which is not free. */
    hourly_cost: z.number().nullable().meta({ example: 0.012 }),
    currency: z.string().nullable().meta({ example: 'USD' }),
  })
  .meta({ id: 'InstanceType' });
export type InstanceTypeView = z.output<typeof instanceType>;

export const image = z
  .strictObject({
    id: z.string().meta({ example: 'ami-0123456789abcdef0' }),
    name: z.string().meta({ example: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260601' }),
    family: z.string().meta({ example: 'ubuntu-24.04' }),
    architecture: z.string().meta({ example: 'x86_64' }),
    created_at: timestamp,
  })
  .meta({ id: 'Image' });

export const costEstimate = z
  .strictObject({
    id,
    instance_type: z.string().meta({ example: 't3.micro' }),
    region: z.string().meta({ example: 'eu-central-1' }),
    duration_hours: z.number().meta({ example: 720 }),
    hourly_cost: z.number().meta({ example: 0.012 }),
    estimated_cost: z.number().meta({ example: 8.64 }),
    currency: z.string().meta({ example: 'USD' }),
    /** `aws-price-list`, or `file:<date>` where no price service was reached. */
    price_source: z.string().meta({ example: 'aws-price-list' }),
    /** When the source said so. */
    priced_at: timestamp,
    created_at: timestamp,
  })
  .meta({ id: 'CostEstimate' });
export type CostEstimate = z.output<typeof costEstimate>;

export const orphan = z
  .strictObject({
    workspace_id: id,
    credential_id: id,
    region: z.string().meta({ example: 'eu-west-1' }),
    instance_id: z.string().meta({ example: 'i-0123456789abcdef0' }),
    /** The VM that its tag names, and of which there is no record. */
    vm_id: z.string(),
    state: z.string().meta({ example: 'on' }),
    created_at: timestamp.nullable(),
    first_seen: timestamp,
    last_seen: timestamp,
  })
  .meta({ id: 'Orphan' });
export type Orphan = z.output<typeof orphan>;
