import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { findParameter } from '../parameters/find';
import { historyOf, putVersion, versionOf } from '../parameters/state';
import { text } from '../text';

interface Input {
  readonly Name: string;
  readonly ParameterVersion?: number;
  readonly Labels: readonly string[];
}

/** A label belongs to one version at a time: it moves here from wherever it was. */
export function labelParameterVersion(context: Context, input: Input): Record<string, unknown> {
  const { name, version: latest } = findParameter(context, input.Name).record;
  const version = input.ParameterVersion ?? latest;
  const target = versionOf(context, name, version);
  if (!target) throw new ServiceError('ParameterVersionNotFound', text(context, 'text-version-not-found', { name, version }));
  const isValid = (label: string): boolean => /^[A-Za-z_.-][\w.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label);
  const valid = input.Labels.filter(isValid);
  const labels = [...new Set([...target.labels, ...valid])];
  if (labels.length > context.row<number>('max-labels')) {
    throw new ServiceError('ParameterVersionLabelLimitExceeded', 'A parameter version can have maximum 10 labels.'
      + 'Move one or more labels to another version and try again.');
  }
  for (const record of historyOf(context, name)) {
    if (record.version !== version && record.labels.some((label) => valid.includes(label))) {
      putVersion(context, { ...record, labels: record.labels.filter((label) => !valid.includes(label)) });
    }
  }
  putVersion(context, { ...target, labels });
  return { InvalidLabels: input.Labels.filter((label) => !isValid(label)), ParameterVersion: version };
}
