import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { allowDecrypt, allowSeal } from '../constructs/credential-rights.ts';
import { Data } from '../constructs/data.ts';
import { deadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { acknowledgeOpenRoutes } from '../constructs/http-entrance.ts';
import { HttpRoutes } from '../constructs/http-routes.ts';
import { PlatformFunction } from '../constructs/platform-function.ts';
import { addReconciler } from '../constructs/reconciler.ts';
import { Saga } from '../constructs/saga.ts';
import type { Stage } from '../constructs/stage.ts';
import { allowTable } from '../constructs/table-rights.ts';
import { addTimers } from '../constructs/timers.ts';
import { told } from '../constructs/told.ts';
import { visitorRoles } from '../constructs/visitor-roles.ts';
import { addWorkspaceTeardown } from '../constructs/workspace-teardown.ts';
import { priceEnvironment } from '../local-stage.ts';
import type { CoreStack } from './core.ts';
import type { DataStack } from './data.ts';

/** SkyClust, the control plane of clouds: credentials, virtual machines, their lifecycle. */
export class ControlStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage, kept: DataStack, core: CoreStack, props: StackProps) {
    super(scope, id, props);
    const { settings } = stage;
    const data = new Data(this, settings, kept);
    this.addStackDependency(core);
    const alarms = new Alarms(this, 'Alarms', settings, data.alerts);
    const shared = { alarms, data, originHashes: told(this, settings, 'origin-hashes') };
    const environment = { OUR_ROLES: visitorRoles(this, settings) };
    const credentials = new ApiFunction(this, 'credentials-api', stage, {
      name: 'credentials-api',
      ...shared,
      environment,
      table: ['delete'],
    });
    const checks = new ApiFunction(this, 'credential-checks', stage, {
      name: 'credential-checks',
      ...shared,
      environment,
    });
    const compute = new ApiFunction(this, 'compute-api', stage, { name: 'compute-api', ...shared });
    const providers = new ApiFunction(this, 'providers-api', stage, {
      name: 'providers-api',
      ...shared,
      environment: priceEnvironment(settings),
    });
    const schedules = new ApiFunction(this, 'schedules-api', stage, { name: 'schedules-api', ...shared });
    const httpApi = HttpApi.fromHttpApiAttributes(this, 'HttpApi', { httpApiId: told(this, settings, 'http-api-id') });
    const routed = [credentials, checks, compute, providers, schedules];
    for (const fn of routed) new HttpRoutes(fn, 'Routes', httpApi, fn);
    acknowledgeOpenRoutes(this);
    allowSeal(credentials, data);
    allowSeal(checks, data);
    allowDecrypt(checks, data);
    allowDecrypt(providers, data);
    providers.allowAny(
      ['pricing:GetProducts'],
      '*',
      'GetProducts takes no narrower resource: it reads what AWS publishes',
    );
    alarms.watch('price-service-down', {
      metric: new Metric({
        namespace: 'SkyClust',
        metricName: 'PriceServiceFaults',
        dimensionsMap: { service: 'providers-api' },
        statistic: 'Sum',
        period: Duration.hours(1),
      }),
      over: 0,
      periods: 6,
      of: 6,
      meaning: 'For six hours the price service has not answered: prices are old, or of the file, or missing.',
      action: 'read in the log of providers-api why it refuses.',
      chapter: 'prices',
    });
    allowSeal(compute, data, 'userData');

    const unsettled = deadLetterQueue(this, 'vm-steps-dead', settings, alarms);
    const steps = new PlatformFunction(this, 'vm-steps', stage, {
      name: 'vm-steps',
      alarms,
      deadLetterQueue: unsettled,
    });
    allowTable(steps, data.table, ['read', 'put', 'update', 'delete', 'check']);
    allowDecrypt(steps, data);
    allowDecrypt(steps, data, 'userData');
    new Saga(this, 'vm-lifecycle', stage, {
      name: 'vm-lifecycle',
      alarms,
      steps: { VmStepsArn: steps },
      settledBy: { fn: steps, deadLetters: unsettled },
    });
    addWorkspaceTeardown(this, stage, data, alarms);
    addReconciler(this, stage, data, alarms);
    addTimers(this, stage, data, alarms);
  }
}
