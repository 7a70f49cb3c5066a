import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Duration, SecretValue, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { apiPolicy, sitePolicy } from '../browser-policies.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { Alarms, fiveMinutes } from '../constructs/alarms.ts';
import { alertTopic } from '../constructs/alert-topic.ts';
import { EdgeDomain } from '../constructs/edge-domain.ts';
import { EdgeLogs } from '../constructs/edge-logs.ts';
import { Firewall } from '../constructs/firewall.ts';
import { responseHeaders } from '../constructs/response-headers.ts';
import type { Stage } from '../constructs/stage.ts';
import { prefixOf, type Settings } from '../settings.ts';
import type { CoreStack } from './core.ts';
import type { DataStack } from './data.ts';

/** The paths that are the HTTP API's; all others are files of the site. */
export const apiPaths = ['/api/v1/*', '/health*', '/debug/config'];

/**
 * What CloudFront would keep for 10 s, by path and without a look at who asks: of these it heeds our `no-store` on 404, 414 and 501 alone
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html).
 */
const errorsKept = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

/** The only way in: one origin for site, API and WebSocket. In us-east-1, where CloudFront's firewall and certificates live. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: Stage, data: DataStack, core: CoreStack, props: StackProps) {
    super(scope, id, props);
    const domain =
      settings.domain === undefined
        ? undefined
        : new EdgeDomain(this, 'Domain', { ...settings, domain: settings.domain });
    const site = this.#siteBehavior(data);
    const api = this.#apiBehavior(settings, core);
    const firewall = settings.firewall ? new Firewall(this, 'Firewall', `${prefixOf(settings)}-edge`) : undefined;
    const distribution = new Distribution(this, 'Distribution', {
      comment: prefixOf(settings),
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(firewall && { webAclId: firewall.arn }),
      defaultRootObject: 'index.html',
      defaultBehavior: site,
      additionalBehaviors: {
        // More exact than /api/v1/*, so it comes first.
        '/api/v1/openapi.json': site,
        ...Object.fromEntries(apiPaths.map((path) => [path, api('http')])),
        '/ws': api('socket'),
      },
      errorResponses: errorsKept.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...domain?.options,
    });
    Validations.of(distribution).acknowledge({
      id: 'Annotation::@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
      reason: "The bucket's policy stands with it in the data stack",
    });
    domain?.pointTo(distribution);
    new EdgeLogs(this, 'Logs', settings, distribution);
    acknowledge(distribution, {
      CFR1: 'The product is for everyone, wherever they are',
      CFR3: 'Logged by the newer delivery to S3, which this rule does not know (EdgeLogs)',
      ...(firewall === undefined && { CFR2: 'The setting firewall of this stage is off' }),
      ...(domain === undefined && {
        CFR4: "Without a domain of its own a stage has CloudFront's certificate, whose TLS versions can't be set",
      }),
    });
    this.#watch(settings, distribution);
    new CfnOutput(this, 'DistributionId', { value: distribution.distributionId });
    new CfnOutput(this, 'SiteUrl', { value: `https://${settings.domain ?? distribution.distributionDomainName}` });
  }

  #siteBehavior(data: DataStack): BehaviorOptions {
    // By its name: its policy stands with it in the data stack, so that neither stack needs the other's.
    const bucket = Bucket.fromBucketAttributes(this, 'Site', { bucketName: data.siteBucketName, region: data.region });
    return {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: responseHeaders(this, 'SiteHeaders', sitePolicy),
      functionAssociations: [this.#onRequest('site-path')],
    };
  }

  #apiBehavior(settings: Settings, core: CoreStack): (kind: 'http' | 'socket') => BehaviorOptions {
    // Resolved as the stack is deployed: the template holds a reference, and CloudFront alone the value. It is read anew where the reference is another
    // one, so every second round spells out the stage that it means anyway (https://repost.aws/knowledge-center/cloudformation-stack-update-secrets).
    const versionStage = settings.originSecretRound % 2 === 0 ? { versionStage: 'AWSCURRENT' } : {};
    const secret = SecretValue.secretsManager(`${prefixOf(settings)}-origin`, versionStage).unsafeUnwrap();
    const originOf = (apiId: string) =>
      new HttpOrigin(`${apiId}.execute-api.${core.region}.amazonaws.com`, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        customHeaders: { 'x-origin-verify': secret },
      });
    const origins = { http: originOf(core.httpApi.apiId), socket: originOf(core.socketApi.apiId) };
    const shared = {
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: responseHeaders(this, 'ApiHeaders', apiPolicy),
      functionAssociations: [this.#onRequest('viewer-address')],
    };
    return (kind) => ({ ...shared, origin: origins[kind] });
  }

  #onRequest(name: 'site-path' | 'viewer-address') {
    const code = readFileSync(join(import.meta.dirname, '../edge', `${name}.js`), 'utf8');
    const fn = new EdgeFunction(this, name, { code: FunctionCode.fromInline(code), runtime: FunctionRuntime.JS_2_0 });
    return { function: fn, eventType: FunctionEventType.VIEWER_REQUEST };
  }

  /** CloudFront's metrics are in us-east-1 alone, and so are alarms on them and what they ring. */
  #watch(settings: Settings, distribution: Distribution): void {
    const alarms = new Alarms(this, 'Alarms', settings, alertTopic(this, settings, 'edge-alerts'));
    alarms.watch('edge-errors', {
      metric: distribution.metric5xxErrorRate({ period: fiveMinutes }),
      over: 5,
      periods: 2,
      of: 3,
      meaning: 'More than 5 % of requests at the edge end with a 5xx.',
      action:
        'if api-errors rings too, go on there; else look whether the origin secret was rotated without a deployment.',
      chapter: 'edge-errors',
    });
  }
}
