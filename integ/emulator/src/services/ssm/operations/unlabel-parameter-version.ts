import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { findParameter } from '../parameters/find';
import { putVersion, versionOf } from '../parameters/state';
import { text } from '../text';

export function unlabelParameterVersion(
  context: Context, input: { Name: string; ParameterVersion: number; Labels: readonly string[] },
): Record<string, unknown> {
  const { name } = findParameter(context, input.Name).record;
  const target = versionOf(context, name, input.ParameterVersion);
  if (!target) throw new ServiceError('ParameterVersionNotFound', text(context, 'text-version-not-found', { name, version: input.ParameterVersion }));
  putVersion(context, { ...target, labels: target.labels.filter((label) => !input.Labels.includes(label)) });
  return {
    RemovedLabels: input.Labels.filter((label) => target.labels.includes(label)),
    InvalidLabels: input.Labels.filter((label) => !target.labels.includes(label)),
  };
}
