import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** What a function of ours told in its log. */
const ownMetric = (service: string, metricName: string, statistic: string, period: Duration): Metric =>
  new Metric({ namespace: 'SkyClust', metricName, dimensionsMap: { service }, statistic, period });

/** The highest figure of a day. */
export const dailyMaximum = (service: string, metricName: string): Metric =>
  ownMetric(service, metricName, 'Maximum', Duration.days(1));

export const hourlySum = (service: string, metricName: string): Metric =>
  ownMetric(service, metricName, 'Sum', Duration.hours(1));
