import type { Guard, GuardGrant } from '../../../wire/guarded';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { readEnvelope } from '../envelope';
import { findKey } from '../find';
import { aliases, grants } from '../state';
import type { GrantRecord, KeyRecord } from '../state';

interface Asked {
  readonly Action: string;
  readonly Input: {
    readonly KeyId?: string;
    readonly SourceKeyId?: string;
    readonly DestinationKeyId?: string;
    readonly TargetKeyId?: string;
    readonly AliasName?: string;
    readonly CiphertextBlob?: Uint8Array | string;
    readonly GrantToken?: string;
  };
}

/** No operation of AWS: ARNs of the key, and the alias, that an operation is about. None: there is no such key, which the operation says itself. */
export function emulatedResources(context: Context, { Action, Input }: Asked): Output {
  try {
    // Names of AWS's own are refused as names.
    if (/Alias$/.test(Action) && Input.AliasName?.startsWith('alias/aws/')) return { Arns: [] };
    const key = keyOf(context, Action, Input);
    const alias = Input.AliasName !== undefined && /Alias$/.test(Action) ? [context.arn('kms', Input.AliasName)] : [];
    return { Arns: [...alias, ...(key ? [key.arn] : [])] };
  } catch (error) {
    if (error instanceof ServiceError) return { Arns: [] };
    throw error;
  }
}

function keyOf(context: Context, action: string, input: Asked['Input']): KeyRecord | undefined {
  const { KeyId, TargetKeyId, AliasName, GrantToken, CiphertextBlob } = input;
  if (action === 'kms:ReEncryptTo') return findKey(context, input.DestinationKeyId!).key;
  if (CiphertextBlob !== undefined) return keyOfCiphertext(context, bytesOf(CiphertextBlob)) ?? named(context, KeyId ?? input.SourceKeyId);
  if (GrantToken !== undefined) return named(context, grants(context).values().find(({ token }) => token === GrantToken)?.keyArn);
  return named(context, KeyId ?? TargetKeyId ?? AliasName);
}

function named(context: Context, reference: string | undefined): KeyRecord | undefined {
  return reference === undefined ? undefined : findKey(context, reference).key;
}

function keyOfCiphertext(context: Context, ciphertext: Uint8Array): KeyRecord | undefined {
  return named(context, readEnvelope(ciphertext)?.keyArn);
}

function bytesOf(blob: Uint8Array | string): Uint8Array {
  return typeof blob === 'string' ? Buffer.from(blob) : blob;
}

/** No operation of AWS. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  if (/:alias\//.test(Arn)) return {};
  const { key, context: place } = findKey(context, Arn);
  const names = aliases(place).values().filter(({ keyId }) => keyId === key.id).map(({ name }) => name);
  const guard: Guard = {
    policy: key.policy,
    isGate: true,
    tags: Object.fromEntries(key.tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    keys: {
      'kms:KeyOrigin': key.origin,
      'kms:KeySpec': key.spec,
      'kms:KeyUsage': key.usage,
      'kms:MultiRegion': String(key.multiRegion),
      ...(names.length > 0 ? { 'kms:ResourceAliases': names } : {}),
    },
    grants: grants(place).values().filter(({ keyId }) => keyId === key.id).flatMap(grantsOf),
  };
  return { ...guard };
}

/** A grant lets its grantee do what it names, and end it whoever may. */
function grantsOf({ id, grantee, granteeService, retiring, retiringService, operations, constraints }: GrantRecord): GuardGrant[] {
  const context = {
    equals: constraints?.EncryptionContextEquals as Readonly<Record<string, string>> | undefined,
    subset: constraints?.EncryptionContextSubset as Readonly<Record<string, string>> | undefined,
  };
  const ends = operations.includes('RetireGrant') ? [] : [retiring ?? retiringService].filter((one) => one !== undefined);
  return [
    { id, grantee: grantee ?? granteeService ?? '', operations, context },
    ...ends.map((one) => ({ id, grantee: one, operations: ['RetireGrant'] })),
  ];
}
