import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { meter } from '../../../platform/meter.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import type { CatalogReader } from '../catalog.ts';
import { readAwsError } from './read-aws-error.ts';
import { currentImages, families, imageOwners, readInstanceType, readListed } from './read-listed.ts';
import { regionOf } from './region-names.ts';

/** In all its pages: a person waits for it, and API Gateway for 30 s. EC2 itself takes some 3 s for all types. */
export const readWithinMs = 18_000;

export const mostInstances = 1_000;

/** EC2 gives 100 types a page and has some 1,200 in a region. A page of instances or images holds up to 1,000, and may hold few or none. */
const mostPages = { instances: 20, types: 30, images: 20 };

interface Paged<Row> {
  rows: Row[];
  next: string | undefined;
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

export function createAwsCatalogReader(client: EC2Client, region: string): CatalogReader {
  /** Every page under one deadline. */
  async function readAll<Row>(
    most: number,
    read: (token: string | undefined, options: { abortSignal: AbortSignal }) => Promise<Paged<Row>>,
  ): Promise<Row[]> {
    const abortSignal = AbortSignal.timeout(readWithinMs);
    const rows: Row[] = [];
    let token: string | undefined;
    for (let page = 0; page < most; page += 1) {
      meter().add('ec2');
      const found = await read(token, { abortSignal }).catch((error: unknown) => {
        throw readAwsError(error);
      });
      rows.push(...found.rows);
      token = found.next;
      if (!token) return rows;
    }
    // A part would be taken for the whole, for a day.
    throw new ProviderError('ProviderUnavailable', 'EC2 answers more pages than it should have');
  }

  return {
    async instances() {
      let count = 0;
      const rows = await readAll(mostPages.instances, async (NextToken, options) => {
        const command = new DescribeInstancesCommand({ MaxResults: mostInstances, ...(NextToken && { NextToken }) });
        const { Reservations = [], NextToken: next } = await client.send(command, options);
        const rows = Reservations.flatMap(({ Instances = [] }) => Instances.map((one) => readListed(one, region)));
        count += rows.length;
        return { rows, next: count < mostInstances ? next : undefined };
      });
      return rows.slice(0, mostInstances);
    },

    async instance(id) {
      try {
        const [found] = await readAll(1, async (_, options) => {
          const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }), options);
          return { rows: Reservations.flatMap(({ Instances = [] }) => Instances), next: undefined };
        });
        return found && readListed(found, region);
      } catch (error) {
        if (error instanceof ProviderError && error.name === 'MachineGone') return undefined;
        throw error;
      }
    },

    async regions() {
      const rows = await readAll(1, async (_, options) => {
        const { Regions = [] } = await client.send(new DescribeRegionsCommand({}), options);
        return { rows: Regions.flatMap(({ RegionName }) => RegionName ?? []), next: undefined };
      });
      return rows.map(regionOf).sort(byName);
    },

    async instanceTypes() {
      const rows = await readAll(mostPages.types, async (NextToken, options) => {
        const command = new DescribeInstanceTypesCommand({ MaxResults: 100, ...(NextToken && { NextToken }) });
        const { InstanceTypes = [], NextToken: next } = await client.send(command, options);
        return { rows: InstanceTypes, next };
      });
      return rows.map(readInstanceType).sort(byName);
    },

    async images() {
      const rows = await readAll(mostPages.images, async (NextToken, options) => {
        const command = new DescribeImagesCommand({
          Owners: imageOwners,
          MaxResults: 1_000,
          Filters: [
            { Name: 'name', Values: families.map(({ pattern }) => pattern) },
            { Name: 'state', Values: ['available'] },
          ],
          ...(NextToken && { NextToken }),
        });
        const { Images = [], NextToken: next } = await client.send(command, options);
        return { rows: Images, next };
      });
      return currentImages(rows);
    },
  };
}
