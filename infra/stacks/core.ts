import { CfnOutput, CustomResource, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { PlatformFunction } from '../constructs/platform-function.ts';
import { prefixOf, type Settings } from '../settings.ts';
import type { DataStack } from './data.ts';

/** The platform's stateless half: APIs, bus, and what every product needs. */
export class CoreStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, data: DataStack, props: StackProps) {
    super(scope, id, props);
    const prefix = prefixOf(settings);
    const hash = new PlatformFunction(this, 'OriginSecretHash', { settings, name: 'origin-secret-hash', description: 'Hashes the secret of the edge' });
    hash.allow(['secretsmanager:GetSecretValue'], [data.originSecret.secretArn]);
    const hashes = new CustomResource(this, 'OriginSecretHashes', {
      serviceToken: hash.lambda.functionArn,
      properties: { SecretId: data.originSecretName },
    });
    const bus = new EventBus(this, 'Bus', { eventBusName: prefix });
    const api = new HttpApi(this, 'HttpApi', { apiName: prefix, createDefaultStage: false });
    new HttpStage(this, 'HttpStage', { httpApi: api, stageName: '$default', autoDeploy: true });

    const outputs: Record<string, string> = {
      HttpApiId: api.apiId,
      HttpApiUrl: api.apiEndpoint,
      BusName: bus.eventBusName,
      OriginHashes: hashes.getAttString('Hashes'),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
