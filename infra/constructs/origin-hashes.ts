import { CustomResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';

/** SHA-256 of the edge's secret in hex, of the one before it too where it was rotated, joined by a comma. Read anew when `originSecretRound` changes. */
export function originHashes(scope: Construct, stage: Stage, data: Data, alarms: Alarms): string {
  const fn = new PlatformFunction(scope, 'OriginSecretHash', stage, { name: 'origin-secret-hash', alarms });
  fn.allow(['secretsmanager:GetSecretValue'], [data.originSecretArn]);
  const resource = new CustomResource(scope, 'OriginHashes', {
    resourceType: 'Custom::OriginSecretHash',
    serviceToken: fn.lambda.functionArn,
    properties: { SecretId: data.originSecretName, Round: stage.settings.originSecretRound },
  });
  resource.node.addDependency(fn.role);
  return resource.getAttString('Hashes');
}
