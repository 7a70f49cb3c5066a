import { type Decimal, decimalOf, times } from '../domain/decimal.ts';

/** What an hour of a type costs on demand, with Linux, on shared hardware, and how that is known. */
export interface Price {
  hourly: Decimal;
  currency: string;
  /** `aws-price-list`, or `file:<date>`. */
  source: string;
  /** When the source said so: ISO 8601. */
  at: string;
}

/** Exact, to the last digit. */
export const costOf = ({ hourly }: Price, hours: number): number => Number(times(hourly, decimalOf(hours)));

/** A month as AWS's own calculator has it. */
export const hoursOfMonth = 730;

export const monthlyCost = (price: Price): number => costOf(price, hoursOfMonth);
