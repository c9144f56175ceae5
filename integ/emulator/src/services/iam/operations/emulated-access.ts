import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { inForce } from '../spread';
import { arnOf, instanceProfiles, roles, users } from '../state';

interface Asked {
  readonly Input: Readonly<Record<string, unknown>>;
}

/** No operation of AWS: the ARNs of what an operation is about, with the paths that callers leave out. */
export function emulatedResources(context: Context, { Input }: Asked): Output {
  const { RoleName, UserName, InstanceProfileName, PolicyArn, PolicyName, PolicyDocument, Path = '/' } = Input as Readonly<Record<string, string | undefined>>;
  const named = <K extends Parameters<typeof arnOf>[1]>(kind: K, name: string, found: { path: string; name: string } | undefined): string =>
    arnOf(context, kind, found ?? { path: Path, name });
  if (InstanceProfileName !== undefined) return { Arns: [named('instance-profile', InstanceProfileName, instanceProfiles(context).get(InstanceProfileName))] };
  if (RoleName !== undefined) return { Arns: [named('role', RoleName, roles(context).get(RoleName))] };
  if (UserName !== undefined) return { Arns: [named('user', UserName, users(context).get(UserName))] };
  if (PolicyArn !== undefined) return { Arns: [PolicyArn] };
  return { Arns: PolicyName !== undefined && PolicyDocument !== undefined ? [named('policy', PolicyName, undefined)] : undefined };
}

/** No operation of AWS. A role's trust policy is about being assumed, not about being changed. Whom nobody has heard of yet nobody can be. */
export function emulatedGuard(context: Context, { Arn, Action }: { readonly Arn: string; readonly Action: string }): Output {
  const name = Arn.split('/').at(-1)!;
  const seen = inForce(context, 'role', name, roles(context));
  const role = [seen, roles(context).get(name)].find((one) => one !== undefined && arnOf(context, 'role', one) === Arn);
  if (!role) return {};
  const isSeen = role === seen;
  const tags = isSeen ? role.tags : {};
  const guard: Guard = Action.startsWith('sts:') ? { tags, policy: isSeen ? role.trust : undefined, isGate: true } : { tags };
  return { ...guard };
}
