import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { DeclaredFunction } from '../functions.ts';
import type { Settings } from '../settings.ts';

/** What every construct of a stage is made from. */
export interface Stage {
  settings: Settings;
  /** Of the platform; functions report it. */
  version: string;
  /** The bundle of a function. */
  codeOf: (name: DeclaredFunction) => Code;
  /** The definition of a state machine, Amazon States Language. */
  definitionOf: (name: string) => string;
}
