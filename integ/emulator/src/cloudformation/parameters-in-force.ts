import type { StackRecord } from './state';
import type { ParameterValues } from './template/parameters';

/** Parameters as the evaluator wants them. */
export function valuesOf(parameters: ParameterValues): { [name: string]: string | readonly string[] } {
  return Object.fromEntries(Object.entries(parameters).map(([name, { resolved }]) => [name, resolved]));
}

/** A function that stars out what parameters with NoEcho hold. */
export function hiding(parameters: ParameterValues): (text: string) => string {
  const secrets = Object.values(parameters).filter(({ noEcho, value }) => noEcho && value !== '');
  const forms = secrets.flatMap(({ value, resolved }) => [value, ...[resolved].flat()])
    .map((value) => JSON.stringify(value).slice(1, -1)).filter((value) => value !== '');
  return (text) => forms.reduce((hidden, secret) => hidden.split(secret).join('****'), text);
}

export function hideSecrets(stack: StackRecord, text: string): string {
  return hiding({ ...stack.deployed?.parameters, ...stack.target?.parameters })(text);
}

/** As `DescribeStacks` and `DescribeChangeSet` show them. */
export function parametersOutput(parameters: ParameterValues): Array<Record<string, unknown>> {
  return Object.entries(parameters).map(([ParameterKey, { value, resolved, isSsm, noEcho }]) => ({
    ParameterKey,
    ParameterValue: noEcho ? '****' : value,
    ...(isSsm ? { ResolvedValue: noEcho ? '****' : [resolved].flat().join(',') } : {}),
  }));
}
