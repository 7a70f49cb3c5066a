import { createStepReader } from '../../platform/sagas/read-step-input.ts';
import { stepInput } from './step.ts';

export const readStepInput = createStepReader(stepInput, 'record-error');
