import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { secrets, versionOf } from '../state';
import type { SecretRecord, Tag } from '../state';
import { refusal } from '../text';
import { open, sameValue, valueIn } from '../value';
import type { OpenValue, ValueInput } from '../value';
import { addVersion, newVersionId } from '../versions';

interface Input extends ValueInput {
  readonly Name: string;
  readonly ClientRequestToken?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly Tags?: readonly Tag[];
  readonly Type?: string;
}

export function createSecret(context: Context, input: Input): Output {
  if (!/^[A-Za-z0-9/_+=.@!-]+$/.test(input.Name)) throw refusal(context, 'ValidationException', 'text-bad-name');
  const value = valueIn(context, input);
  const present = secrets(context).get(input.Name);
  if (present) return repeated(context, present, input, value);
  const secret = secrets(context).put(input.Name, {
    name: input.Name,
    arn: context.arn('secretsmanager', `secret:${input.Name}-${idFormat.alphanumeric(context.id('secret', input.Name), 6)}`),
    type: input.Type,
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    tags: input.Tags ?? [],
    createdAt: context.now,
    changedAt: context.now,
  });
  context.emit('Created', secret.name);
  const version = value && addVersion(context, secret, input.ClientRequestToken ?? newVersionId(context, secret), value, []);
  return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
}

/** The same token with the same value is the same request, sent again. */
function repeated(context: Context, present: SecretRecord, { Name, ClientRequestToken }: Input, value: OpenValue | undefined): Output {
  if (present.deletion) throw refusal(context, 'InvalidRequestException', 'text-name-in-deletion');
  const version = ClientRequestToken === undefined ? undefined : versionOf(context, present, ClientRequestToken);
  if (version?.value && value && sameValue(open(context, present, version.id, version.value), value)) {
    return { ARN: present.arn, Name: present.name, VersionId: version.id };
  }
  throw refusal(context, 'ResourceExistsException', 'text-name-taken', { name: Name });
}
