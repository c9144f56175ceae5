import { isObject } from './template';
import type { Value } from './template';
import { refused } from '../texts';

/** What dynamic references are resolved from. */
export interface SecretSource {
  parameter(name: string, version: string | undefined, secure: boolean): string;
  secret(id: string, stage: string | undefined, version: string | undefined): string;
}

const REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]+)\}\}/g;

/** Replaces what may be kept with the stack: plain parameters, by the value they have at this moment. */
export function resolvePlain(value: Value, source: SecretSource): Value {
  return map(value, (text) => text.replace(REFERENCE, (whole, service: string, rest: string) => {
    if (service !== 'ssm') return whole;
    const { name, version } = parameterReference(rest);
    return source.parameter(name, version, false);
  }));
}

/** Replaces secrets, just before a value is handed to a service; the result is never stored. */
export function resolveSecrets(value: Value, source: SecretSource): Value {
  return map(value, (text) => text.replace(REFERENCE, (whole, service: string, rest: string) => {
    if (service === 'ssm') return whole;
    if (service === 'ssm-secure') {
      const { name, version } = parameterReference(rest);
      return source.parameter(name, version, true);
    }
    return secretValue(rest, source);
  }));
}

export function hasSecureParameter(value: Value): boolean {
  return /\{\{resolve:ssm-secure:/.test(JSON.stringify(value) ?? '');
}

export function hasSecret(value: Value): boolean {
  return /\{\{resolve:(ssm-secure|secretsmanager):/.test(JSON.stringify(value) ?? '');
}

function parameterReference(rest: string): { name: string; version: string | undefined } {
  const match = /^(.+?)(?::(\d+))?$/.exec(rest)!;
  return { name: match[1], version: match[2] };
}

/** `id:SecretString:json-key:version-stage:version-id`; an id that is an ARN has colons of its own. */
function secretValue(rest: string, source: SecretSource): string {
  const parts = rest.split(':');
  const idParts = parts[0] === 'arn' ? 7 : 1;
  const id = parts.slice(0, idParts).join(':');
  const [kind = 'SecretString', key = '', stage = '', version = ''] = parts.slice(idParts);
  if (kind !== 'SecretString') throw refused('text-dynamic-reference-kind', { kind });
  const secret = source.secret(id, stage || undefined, version || undefined);
  if (key === '') return secret;
  let parsed: unknown;
  try {
    parsed = JSON.parse(secret);
  } catch {
    throw refused('text-secret-not-json');
  }
  const found = isObject(parsed) ? parsed[key] : undefined;
  if (found === undefined) throw refused('text-secret-no-key');
  return typeof found === 'string' ? found : JSON.stringify(found);
}

function map(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return value.includes('{{resolve:') ? change(value) : value;
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => map(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => [key, map(inner!, change)]));
}
