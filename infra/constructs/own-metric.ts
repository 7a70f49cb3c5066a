import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** The highest figure of a day that a function of ours told in its log. */
export const dailyMaximum = (service: string, metricName: string): Metric =>
  new Metric({
    namespace: 'SkyClust',
    metricName,
    dimensionsMap: { service },
    statistic: 'Maximum',
    period: Duration.days(1),
  });
