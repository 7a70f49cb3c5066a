import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { siteDirectory } from '../site.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/**
 * Uploads the built site and has the edge forget what it holds of the one before. Browsers ask again each time: names carry no hash. The
 * bucket is in this region, or where the shell says.
 */
export async function publishSite(bucket: string, distributionId: string, region?: string): Promise<void> {
  const s3 = new S3Client(region === undefined ? {} : { region });
  const files = readdirSync(siteDirectory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: relative(siteDirectory, path).replaceAll('\\', '/'),
        Body: readFileSync(path),
        ContentType: types[extname(path)] ?? 'application/octet-stream',
        CacheControl: 'no-cache',
      }),
    );
  }
  const cloudFront = new CloudFrontClient({ region: 'us-east-1' });
  const InvalidationBatch = { CallerReference: new Date().toISOString(), Paths: { Quantity: 1, Items: ['/*'] } };
  await cloudFront.send(new CreateInvalidationCommand({ DistributionId: distributionId, InvalidationBatch }));
}
