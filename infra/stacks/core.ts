import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { addAccountSweep } from '../constructs/account-sweep.ts';
import { Alarms } from '../constructs/alarms.ts';
import { ApiFunction, type ApiFunctionProps } from '../constructs/api-function.ts';
import { addAuditAnchor, allowAnchors } from '../constructs/audit-anchor.ts';
import { addAuditArchive, allowExpiredDays } from '../constructs/audit-archive.ts';
import { addAuditChain } from '../constructs/audit-chain.ts';
import { addAuditExport, allowExports } from '../constructs/audit-export.ts';
import { addCounters } from '../constructs/counters.ts';
import { addDashboard } from '../constructs/dashboard.ts';
import { Data } from '../constructs/data.ts';
import { acknowledgeOpenRoutes, HttpEntrance } from '../constructs/http-entrance.ts';
import { HttpRoutes } from '../constructs/http-routes.ts';
import { addMemberProfiles } from '../constructs/member-profiles.ts';
import { addNotifications } from '../constructs/notifications.ts';
import { originHashes } from '../constructs/origin-hashes.ts';
import { addRealtime } from '../constructs/realtime.ts';
import { addRelay } from '../constructs/relay.ts';
import type { Stage } from '../constructs/stage.ts';
import { keepExported, tell } from '../constructs/told.ts';
import { prefixOf } from '../settings.ts';
import type { DataStack } from './data.ts';

/** The platform's stateless half: the APIs, the events, and the functions that every product needs. */
export class CoreStack extends Stack {
  readonly httpApi: HttpApi;
  readonly socketApi: WebSocketApi;

  constructor(scope: Construct, id: string, stage: Stage, kept: DataStack, props: StackProps) {
    super(scope, id, props);
    const { settings } = stage;
    const data = new Data(this, settings, kept);
    const alarms = new Alarms(this, 'Alarms', settings, data.alerts);
    const hashes = originHashes(this, stage, data, alarms);
    const bus = new EventBus(this, 'Bus', {
      eventBusName: prefixOf(settings),
      description: 'What happened, as the relay tells it',
    });

    this.httpApi = new HttpEntrance(this, 'Http', settings, alarms).api;
    this.#addFunctions(stage, { alarms, data, originHashes: hashes });
    addNotifications(this, stage, { data, alarms, bus, httpApi: this.httpApi, originHashes: hashes });
    acknowledgeOpenRoutes(this);
    this.socketApi = addRealtime(this, stage, { data, alarms, bus, originHashes: hashes }).api;
    addRelay(this, stage, data, alarms, bus);
    addMemberProfiles(this, stage, data, alarms, bus);
    addAuditChain(this, stage, data, alarms);
    addAccountSweep(this, stage, data, alarms);
    addAuditAnchor(this, stage, data, alarms);
    addAuditArchive(this, stage, data, alarms);
    addCounters(this, stage, data, alarms, bus);
    addAuditExport(this, stage, data, alarms, bus);

    addDashboard(this, settings, { http: this.httpApi.apiId, socket: this.socketApi.apiId });

    tell(this, settings, { 'http-api-id': this.httpApi.apiId, 'origin-hashes': hashes });
    keepExported(this, this.httpApi.apiId, hashes);
    const outputs: Record<string, string> = {
      HttpApiId: this.httpApi.apiId,
      HttpApiUrl: this.httpApi.apiEndpoint,
      SocketApiId: this.socketApi.apiId,
      SocketUrl: `${this.socketApi.apiEndpoint}/ws`,
      BusName: bus.eventBusName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  #addFunctions(stage: Stage, shared: Pick<ApiFunctionProps, 'alarms' | 'data' | 'originHashes'>): void {
    const { data } = shared;
    const identity = new ApiFunction(this, 'identity-api', stage, {
      name: 'identity-api',
      ...shared,
      // Codes that were spent.
      table: ['delete'],
      environment: { ADMIN_EMAIL: stage.settings.adminEmail },
    });
    identity.allow(
      [
        'cognito-idp:AdminCreateUser',
        'cognito-idp:AdminDeleteUser',
        'cognito-idp:AdminInitiateAuth',
        'cognito-idp:AdminSetUserPassword',
        'cognito-idp:AdminUserGlobalSignOut',
        // The client's secret, which stands in no variable and no template.
        'cognito-idp:DescribeUserPoolClient',
      ],
      [data.userPool.userPoolArn],
    );
    const users = new ApiFunction(this, 'users-api', stage, { name: 'users-api', ...shared, table: ['delete'] });
    users.allow(
      [
        'cognito-idp:AdminCreateUser',
        'cognito-idp:AdminDeleteUser',
        'cognito-idp:AdminSetUserPassword',
        'cognito-idp:AdminUserGlobalSignOut',
      ],
      [data.userPool.userPoolArn],
    );
    const workspaces = new ApiFunction(this, 'workspaces-api', stage, {
      name: 'workspaces-api',
      ...shared,
      table: ['delete'],
    });
    const audit = new ApiFunction(this, 'audit-api', stage, {
      name: 'audit-api',
      ...shared,
      environment: {
        ANCHOR_BUCKET: data.anchorBucketName,
        EXPORT_BUCKET: data.exportBucketName,
        AUDIT_TABLE_DAYS: String(stage.settings.auditTableDays),
      },
    });
    allowExports(audit, data);
    allowAnchors(audit, data, ['s3:GetObject']);
    allowExpiredDays(audit, data);
    const system = new ApiFunction(this, 'system-api', stage, { name: 'system-api', ...shared });
    for (const fn of [identity, users, workspaces, audit]) new HttpRoutes(fn, 'Routes', this.httpApi, fn);
    new HttpRoutes(system, 'Routes', this.httpApi, system).addDefault();
  }
}
