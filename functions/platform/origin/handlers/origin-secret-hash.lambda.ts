import { createHash } from 'node:crypto';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

const secrets = new SecretsManagerClient({});

/** SHA-256 in hex of the secret at a stage, or nothing where there is none: a secret that was never rotated has no previous one. */
async function hashOf(secretId: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string[]> {
  try {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }));
    return SecretString === undefined ? [] : [createHash('sha256').update(SecretString).digest('hex')];
  } catch (error) {
    if (stage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

async function answer(event: CloudFormationCustomResourceEvent): Promise<object> {
  const secretId = String(event.ResourceProperties['SecretId']);
  const PhysicalResourceId = `origin-secret-hash:${secretId}`;
  if (event.RequestType === 'Delete') return { Status: 'SUCCESS', PhysicalResourceId };
  try {
    const hashes = [...(await hashOf(secretId, 'AWSCURRENT')), ...(await hashOf(secretId, 'AWSPREVIOUS'))];
    return { Status: 'SUCCESS', PhysicalResourceId, Data: { Hashes: hashes.join(',') } };
  } catch (error) {
    return { Status: 'FAILED', PhysicalResourceId, Reason: `cannot read the origin secret: ${String(error)}` };
  }
}

/**
 * A custom resource of CloudFormation: hands the hashes of the edge's secret to the functions that check it, so that the secret itself stands
 * in no environment variable and no template.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...(await answer(event)) });
  await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
}
