import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { checkName, parseReference } from '../parameters/names';
import { DEFAULT_KEY, encrypt } from '../parameters/secret';
import { dropVersion, historyOf, latestOf, parameters, putVersion, versionOf } from '../parameters/state';
import type { ParameterType, ParameterVersion } from '../parameters/state';
import { wholeMatch } from '../pattern';
import { putTags } from '../tags';
import type { Tag } from '../tags';
import { text } from '../text';

interface Input {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: ParameterType;
  readonly Description?: string;
  readonly KeyId?: string;
  readonly Overwrite?: boolean;
  readonly AllowedPattern?: string;
  readonly Tags?: readonly Tag[];
  readonly Tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering';
  readonly Policies?: string;
  readonly DataType?: string;
}

/** Without `Overwrite` this creates or fails, in one transaction: what conditional writers rely on. */
export function putParameter(context: Context, input: Input): Record<string, unknown> {
  const { name, selector } = parseReference(input.Name, (candidate) => parameters(context).has(candidate));
  if (selector !== undefined) throw new ServiceError('ValidationException', text(context, 'text-bad-name'));
  checkName(context, name);
  if (input.Overwrite && input.Tags?.length) throw new ServiceError('ValidationException', text(context, 'text-tags-and-overwrite'));
  const before = latestOf(context, name);
  if (before && !input.Overwrite) throw new ServiceError('ParameterAlreadyExists', text(context, 'text-already-exists'));
  if (!before && !input.Type) throw new ServiceError('ValidationException', text(context, 'text-type-required'));
  if (before && input.Type && input.Type !== before.type) {
    throw new ServiceError('HierarchyTypeMismatchException', text(context, 'text-type-change'));
  }
  const type = input.Type ?? before!.type;
  checkValue(context, input, type);

  const tier = tierOf(context, input, before);
  const keyId = type === 'SecureString' ? input.KeyId ?? before?.keyId ?? DEFAULT_KEY : undefined;
  const version = (before?.version ?? 0) + 1;
  putVersion(context, {
    name,
    version,
    type,
    value: keyId === undefined ? input.Value : encrypt(context, name, keyId, input.Value),
    keyId,
    tier,
    dataType: input.DataType ?? before?.dataType ?? 'text',
    description: input.Description ?? before?.description,
    allowedPattern: input.AllowedPattern,
    policies: input.Policies,
    labels: [],
    modifiedAt: context.now,
    modifiedBy: context.caller.principal.arn,
  });
  parameters(context).put(name, { name, latest: version, oldest: oldestToKeep(context, name, version) });
  if (input.Tags?.length) putTags(context, 'Parameter', name, input.Tags);
  context.emit(before ? 'Updated' : 'Created', name);
  return { Version: version, Tier: tier };
}

function checkValue(context: Context, input: Input, type: ParameterType): void {
  const { Value: value, AllowedPattern: pattern } = input;
  if (value === '') {
    throw new ServiceError('ValidationException', '1 validation error detected: Value \'\' at \'value\' failed to satisfy constraint: '
      + 'Member must have length greater than or equal to 1.');
  }
  if (/\{\{.*\}\}/s.test(value)) throw new ServiceError('ValidationException', text(context, 'text-nested', { value }));
  if (input.DataType === 'aws:ec2:image' && !/^ami-[0-9a-f]{8,17}$/.test(value)) {
    throw new ServiceError('ValidationException', text(context, 'text-image-type', { value }));
  }
  if (pattern === undefined || pattern === '') return;
  const items = type === 'StringList' ? value.split(',') : [value];
  const expression = wholeMatch(pattern);
  if (!expression) throw new ServiceError('InvalidAllowedPatternException', text(context, 'text-bad-pattern'));
  if (!items.every((item) => expression.test(item))) {
    throw new ServiceError('ParameterPatternMismatchException', text(context, 'text-pattern-mismatch', { pattern }));
  }
}

function tierOf(context: Context, input: Input, before: ParameterVersion | undefined): 'Standard' | 'Advanced' {
  const length = [...input.Value].length;
  const standard = context.row<number>('max-value-standard');
  const needsAdvanced = length > standard || Boolean(input.Policies);
  const asked = input.Tier ?? before?.tier ?? 'Standard';
  if (length > context.row<number>('max-value-advanced')) {
    throw new ServiceError('ValidationException', text(context, asked === 'Standard' ? 'text-value-too-long' : 'text-value-too-long-advanced'));
  }
  if (asked === 'Intelligent-Tiering') return needsAdvanced || before?.tier === 'Advanced' ? 'Advanced' : 'Standard';
  if (asked === 'Standard' && before?.tier === 'Advanced') throw new ServiceError('ValidationException', text(context, 'text-no-downgrade'));
  if (asked === 'Standard' && length > standard) throw new ServiceError('ValidationException', text(context, 'text-value-too-long'));
  if (asked === 'Standard' && input.Policies) {
    throw new ServiceError('ValidationException', 'Parameter policies are only supported for advanced-tier parameters.');
  }
  return asked;
}

/** Only so many versions are kept; the oldest goes, unless a label holds it. */
function oldestToKeep(context: Context, name: string, latest: number): number {
  const oldest = parameters(context).get(name)?.oldest ?? 1;
  const limit = context.row<number>('max-versions');
  if (historyOf(context, name).length < limit || latest - oldest < limit) return oldest;
  if (versionOf(context, name, oldest)?.labels.length) {
    throw new ServiceError('ParameterMaxVersionLimitExceeded', `You attempted to create a new version of ${name} by calling the PutParameter API `
      + `with the overwrite flag. Version ${oldest}, the oldest version, can't be deleted because it has a label associated with it. `
      + 'Move the label to another version of the parameter, and try again.');
  }
  dropVersion(context, name, oldest);
  return oldest + 1;
}
