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
  | 'audit-anchor'
  | 'audit-archive'
  | 'clock-stopped'
  | 'dead-letters'
  | 'queue-late'
  | 'stream-behind'
  | 'state-machine-failures'
  | 'api-errors'
  | 'api-slow'
  | 'reconciler-late'
  | 'table-refusals'
  | 'edge-errors'
  | 'socket-errors'
  | 'mails-delayed'
  | 'mail-reputation';

interface Told {
  metric: IMetric;
  /** For how many periods of the last `of` it must be over; 1 of 1 unless said. */
  periods?: number;
  of?: number;
  /** What it means that this rings, for someone who was asleep. */
  meaning: string;
  /** The first thing to do. */
  action: string;
  chapter: Chapter;
}

/** Rings when the metric is over this. */
type Over = Told & { over: number };
/** Rings when the metric is under this; that there is none counts as under. */
type Under = Told & { under: number };
export type Watch = Over | Under;

const bound = (watch: Watch) =>
  'over' in watch
    ? {
        threshold: watch.over,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }
    : {
        threshold: watch.under,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      };

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
    const { periods = 1, of = periods } = watch;
    const alarm = new Alarm(this, name, {
      alarmName: `${this.#prefix}-${name}`,
      alarmDescription: `${watch.meaning} Do: ${watch.action} See docs/runbook.md#${watch.chapter}`,
      metric: watch.metric,
      ...bound(watch),
      evaluationPeriods: of,
      datapointsToAlarm: periods,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }
}

export const fiveMinutes = Duration.minutes(5);
