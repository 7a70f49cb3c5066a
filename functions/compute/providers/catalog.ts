import type { Capability } from '../../../contracts/providers/catalog.ts';
import type { PriceCatalog } from './prices.ts';

/** An instance of the account, whoever made it. */
export interface Instance {
  id: string;
  name: string;
  /** In the provider's own words, such as `running`. */
  status: string;
  type: string;
  region: string;
  public_ip: string | null;
  private_ip: string | null;
  created_at: string;
}

export interface Region {
  name: string;
  display_name: string;
}

export interface InstanceType {
  name: string;
  vcpus: number;
  memory_mb: number;
  /** How many accelerators it has. */
  gpu: number;
}

export interface Image {
  id: string;
  name: string;
  /** Such as `ubuntu-24.04`: what it is, whatever it is called today. */
  family: string;
  architecture: string;
  created_at: string;
}

/**
 * What there is at a provider, read with one workspace's credential in one region. Every method throws ProviderError for what the cloud says
 * no to, gives up within the connection's time, and changes nothing.
 */
export interface CatalogReader {
  /** All of the region, at most `mostInstances`. */
  instances(): Promise<Instance[]>;
  /** Undefined: the region has none of this id. */
  instance(id: string): Promise<Instance | undefined>;
  /** Those that the account may use, by name. */
  regions(): Promise<Region[]>;
  /** All that the region offers, by name. */
  instanceTypes(): Promise<InstanceType[]>;
  /** The current ones of the systems that most people start from, not all that there are. */
  images(): Promise<Image[]>;
}

/** Throws CredentialRejected for a secret that is not one of this provider's. */
export type ConnectCatalog = (connection: { region: string; secret: unknown }) => CatalogReader;

/** What a provider's folder offers to who reads: the second interface beside `Connect`. */
export interface ProviderCatalog {
  about: { display_name: string; version: string; capabilities: readonly Capability[] };
  /** Those that are known without asking anybody. */
  regions: readonly Region[];
  connect: ConnectCatalog;
  /** Null on a stage that reaches no price service: what was kept, or the price file, stands in. */
  prices: PriceCatalog | null;
}
