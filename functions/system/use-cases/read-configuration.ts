import type { Configuration } from '../../../contracts/system/routes.ts';
import type { Answer } from '../../platform/api/call.ts';

export const readConfiguration =
  ({ configuration }: { configuration: Configuration }) =>
  async (): Promise<Answer<Configuration>> => ({ data: configuration });
