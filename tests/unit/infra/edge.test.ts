import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { root } from '../../../infra/bundle.ts';
import { onlyOne, resourcesOf, synthesise } from './templates.ts';

const { edge } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
if (edge === undefined) throw new Error('the stage has no edge stack');
const config = onlyOne('AWS::CloudFront::Distribution', edge).Properties.DistributionConfig;
const originOf = (id: string) => config.Origins.find(({ Id }: { Id: string }) => Id === id);
const behaviors = [{ PathPattern: '*', ...config.DefaultCacheBehavior }, ...config.CacheBehaviors];
const kindOf = ({ TargetOriginId }: { TargetOriginId: string }): string => {
  const origin = originOf(TargetOriginId);
  if (origin.S3OriginConfig) return 'site';
  return JSON.stringify(origin.DomainName).toLowerCase().includes('socket') ? 'socket' : 'api';
};

describe('the edge', () => {
  it('sends each path to its origin, the more exact ones first', () => {
    expect(
      config.CacheBehaviors.map((one: never) => [(one as { PathPattern: string }).PathPattern, kindOf(one)]),
    ).toEqual([
      ['/api/v1/openapi.json', 'site'],
      ['/api/v1/*', 'api'],
      ['/health*', 'api'],
      ['/debug/config', 'api'],
      ['/ws', 'socket'],
    ]);
    expect(kindOf(config.DefaultCacheBehavior)).toBe('site');
  });

  it('proves itself to both APIs by a secret that stands in no template', () => {
    const apis = config.Origins.filter(({ S3OriginConfig }: { S3OriginConfig?: object }) => !S3OriginConfig);
    expect(apis).toHaveLength(2);
    for (const { OriginCustomHeaders, CustomOriginConfig, OriginPath } of apis) {
      expect(OriginCustomHeaders).toEqual([
        {
          HeaderName: 'x-origin-verify',
          HeaderValue: '{{resolve:secretsmanager:skyclust-dev-origin:SecretString:::}}',
        },
      ]);
      expect(CustomOriginConfig.OriginProtocolPolicy).toBe('https-only');
      expect(OriginPath).toBeUndefined();
    }
  });

  it('refers to its secret anew in each round, since CloudFormation reads a reference that stays no second time', () => {
    const { edge: next } = synthesise('dev', 'originSecretRound=2');
    if (next === undefined) throw new Error('the stage has no edge stack');
    const sent = onlyOne('AWS::CloudFront::Distribution', next).Properties.DistributionConfig.Origins.flatMap(
      ({ OriginCustomHeaders = [] }: { OriginCustomHeaders?: { HeaderValue: string }[] }) =>
        OriginCustomHeaders.map(({ HeaderValue }) => HeaderValue),
    );
    const current = '{{resolve:secretsmanager:skyclust-dev-origin:SecretString::AWSCURRENT:}}';
    expect(sent).toEqual([current, current]);
  });

  it('reads the site by its own right, and takes TLS alone', () => {
    const site = config.Origins.find(({ S3OriginConfig }: { S3OriginConfig?: object }) => S3OriginConfig);
    expect(site).toHaveProperty('OriginAccessControlId');
    for (const { ViewerProtocolPolicy } of behaviors)
      expect(ViewerProtocolPolicy).toMatch(/^(https-only|redirect-to-https)$/);
  });

  it('keeps no answer of an API, and hands on all but the host', () => {
    const apis = behaviors.filter((one) => kindOf(one) !== 'site');
    expect(apis.length).toBeGreaterThan(1);
    for (const behavior of apis) {
      // AWS's own policies: CachingDisabled, AllViewerExceptHostHeader.
      expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
      expect(behavior.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
      expect(behavior.AllowedMethods).toContain('DELETE');
    }
  });

  it('keeps no error either, which it else would by path alone: 503 for one caller is not 503 for the next', () => {
    const kept = new Map(
      config.CustomErrorResponses.map(({ ErrorCode, ErrorCachingMinTTL, ...rest }: Record<string, number>) => [
        ErrorCode,
        [ErrorCachingMinTTL, rest],
      ]),
    );
    for (const status of [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]) expect(kept.get(status)).toEqual([0, {}]);
  });

  it('tells browsers what a page of the site may load: its own files', () => {
    const policies = resourcesOf('AWS::CloudFront::ResponseHeadersPolicy', edge).map(
      ({ Properties }) => Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig,
    );
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(policy.ContentSecurityPolicy.ContentSecurityPolicy).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
      expect(policy.ContentSecurityPolicy.ContentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
      expect(policy.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(365 * 24 * 3600);
    }
  });

  it('has a log that forgets', () => {
    expect(resourcesOf('AWS::Logs::Delivery', edge)).toHaveLength(1);
    expect(onlyOne('AWS::S3::Bucket', edge).Properties.LifecycleConfiguration.Rules).toEqual([
      { ExpirationInDays: 14, Status: 'Enabled' },
    ]);
  });
});

describe('the firewall', () => {
  const acl = onlyOne('AWS::WAFv2::WebACL', edge).Properties;
  const ruleOf = (name: string) => acl.Rules.find((rule: { Name: string }) => rule.Name === name);

  it('stands before the distribution', () => {
    expect(acl.Scope).toBe('CLOUDFRONT');
    expect(config.WebACLId['Fn::GetAtt'][1]).toBe('Arn');
  });

  it('lets an address read what is public 2,000 times in 5 minutes', () => {
    const { RateBasedStatement: rate } = ruleOf('public-reads').Statement;
    expect(rate).toMatchObject({ Limit: 2000, EvaluationWindowSec: 300, AggregateKeyType: 'IP' });
    expect(rate.ScopeDownStatement.AndStatement.Statements).toHaveLength(3);
    expect(ruleOf('public-reads').Action.Block.CustomResponse.ResponseCode).toBe(429);
  });

  it('answers as the API does', () => {
    expect(JSON.parse(acl.CustomResponseBodies['too-many'].Content)).toMatchObject({
      success: false,
      code: 'RATE_LIMITED',
    });
  });

  it("takes AWS's rules, but lets bodies hold scripts and keys", () => {
    const common = ruleOf('AWSManagedRulesCommonRuleSet').Statement.ManagedRuleGroupStatement;
    const counted = common.RuleActionOverrides.map(({ Name }: { Name: string }) => Name);
    expect(counted).toHaveLength(5);
    for (const name of counted) expect(name).toMatch(/_BODY$/);
    expect(ruleOf('AWSManagedRulesKnownBadInputsRuleSet')).toBeDefined();
    expect(ruleOf('AWSManagedRulesAmazonIpReputationList')).toBeDefined();
  });
});

describe('a stage without a firewall', () => {
  it('has none, as its settings say', () => {
    const { edge: open } = synthesise('dev', 'firewall=false');
    expect(resourcesOf('AWS::WAFv2::WebACL', open)).toEqual([]);
    expect(resourcesOf('AWS::CloudFront::Distribution', open)[0]?.Properties.DistributionConfig).not.toHaveProperty(
      'WebACLId',
    );
  });
});

describe('a domain', () => {
  it('gets a certificate and modern TLS, and both kinds of address where its zone is ours', () => {
    const { edge: named } = synthesise(
      'dev',
      'domain=sky.example.com',
      'hostedZoneId=Z1',
      'hostedZoneName=example.com',
    );
    if (named === undefined) throw new Error('the stage has no edge stack');
    const distribution = onlyOne('AWS::CloudFront::Distribution', named).Properties.DistributionConfig;
    expect(distribution.Aliases).toEqual(['sky.example.com']);
    expect(distribution.ViewerCertificate.MinimumProtocolVersion).toBe('TLSv1.2_2021');
    expect(
      resourcesOf('AWS::Route53::RecordSet', named)
        .map(({ Properties }) => Properties.Type)
        .toSorted(),
    ).toEqual(['A', 'AAAA']);
  });
});

describe('the functions at the edge', () => {
  const run = (name: string, event: object) => {
    const code = readFileSync(join(root, 'infra/edge', `${name}.js`), 'utf8');
    return runInNewContext(`${code}; handler(event)`, { event });
  };

  it('say where the viewer is, whatever the viewer says', () => {
    const request = { uri: '/', headers: { 'x-viewer-address': { value: '10.0.0.1' } } };
    const answer = run('viewer-address', { request, viewer: { ip: '203.0.113.7' } });
    expect(answer.headers['x-viewer-address']).toEqual({ value: '203.0.113.7' });
  });

  it.each([
    ['/', '/index.html'],
    ['/docs', '/docs/index.html'],
    ['/docs/', '/docs/index.html'],
    ['/docs/swagger-ui.css', '/docs/swagger-ui.css'],
    ['/api/v1/openapi.json', '/api/v1/openapi.json'],
  ])('take %s for %s', (uri, file) => {
    expect(run('site-path', { request: { uri, headers: {} } }).uri).toBe(file);
  });
});
