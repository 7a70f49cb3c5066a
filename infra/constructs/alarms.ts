import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';

/** The chapters of docs/runbook.md that an alarm points to. */
export type Chapter =
  | 'function-errors'
  | 'function-throttles'
  | 'users-without-an-account'
  | 'prices'
  | 'audit-archive'
  | 'dead-letters'
  | 'stream-behind'
  | 'state-machine-failures'
  | 'api-errors'
  | 'api-slow'
  | 'reconciler-late'
  | 'table-refusals'
  | 'edge-errors';

export interface Watch {
  metric: IMetric;
  /** Rings when the metric is over this. */
  over: number;
  /** For how many periods of the last `of` it must be over; 1 of 1 unless said. */
  periods?: number;
  of?: number;
  /** What it means that this rings, for someone who was asleep. */
  meaning: string;
  /** The first thing to do. */
  action: string;
  chapter: Chapter;
}

/** The one place that alarms are made in, so that each says what it means and what to do, and rings somewhere. */
export class Alarms extends Construct {
  readonly #prefix: string;
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, settings: Settings, topic: ITopic) {
    super(scope, id);
    this.#prefix = prefixOf(settings);
    this.#topic = topic;
  }

  /** @param name unique in the stage; the alarm is called `<prefix>-<name>`. */
  watch(name: string, watch: Watch): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${this.#prefix}-${name}`,
      alarmDescription: `${watch.meaning} Do: ${watch.action} See docs/runbook.md#${watch.chapter}`,
      metric: watch.metric,
      threshold: watch.over,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: watch.of ?? watch.periods ?? 1,
      datapointsToAlarm: watch.periods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }
}

export const fiveMinutes = Duration.minutes(5);
