import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { type Distribution, type DistributionProps, SecurityPolicyProtocol } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/**
 * The stage's own name and its certificate. Where the zone is not in Route 53, `cdk deploy` waits until someone has put the record that ACM asks
 * for into it, and the name itself points to the distribution by a CNAME of theirs.
 */
export class EdgeDomain extends Construct {
  /** What the distribution takes of it. */
  readonly options: Pick<DistributionProps, 'certificate' | 'domainNames' | 'minimumProtocolVersion'>;
  readonly #zone: IHostedZone | undefined;
  readonly #name: string;

  constructor(scope: Construct, id: string, settings: Settings & { domain: string }) {
    super(scope, id);
    const { domain, hostedZoneId, hostedZoneName = domain } = settings;
    this.#name = domain;
    this.#zone =
      hostedZoneId === undefined
        ? undefined
        : HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName: hostedZoneName });
    this.options = {
      domainNames: [domain],
      certificate: new Certificate(this, 'Certificate', {
        domainName: domain,
        validation: CertificateValidation.fromDns(this.#zone),
      }),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  pointTo(distribution: Distribution): void {
    if (this.#zone === undefined) return;
    const record = {
      zone: this.#zone,
      recordName: this.#name,
      target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
    };
    new ARecord(this, 'Ipv4', record);
    new AaaaRecord(this, 'Ipv6', record);
  }
}
