import { EncodeError, refuseUnknownMembers } from './encode-error';
import type { Member, ScalarShape, Shape, StructureShape } from './model';
import type { TimestampFormat } from './model-document';
import { ServiceError } from './operation';
import { blobOf, wrongType } from './scalar';
import { parseTimestamp, printTimestamp } from './timestamp';

/** The members of an output as JSON has them; those that travel elsewhere (header, status) are left out. */
export function toJsonMembers(shape: StructureShape, value: unknown, path: string): Record<string, unknown> {
  const fields = asRecord(shape, value, path);
  refuseUnknownMembers(path, fields, shape.members);
  const result: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const field = fields[member.name];
    if (field === undefined || field === null || member.location) continue;
    result[member.wireName] = toJson(member.shape, member.timestampFormat, field, `${path}.${member.name}`);
  }
  return result;
}

export function toJson(shape: Shape, format: TimestampFormat | undefined, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'structure':
      return shape.document ? value : toJsonMembers(shape, value, path);
    case 'list': {
      if (!Array.isArray(value)) throw wrongType(shape, value, path);
      const { shape: itemShape, timestampFormat } = shape.member;
      return value.map((item: unknown, at) => toJson(itemShape, timestampFormat, item, `${path}[${at}]`));
    }
    case 'map': {
      const entries = Object.entries(asRecord(shape, value, path)).filter(([, entry]) => entry !== undefined);
      return Object.fromEntries(entries.map(([key, entry]) => [
        key, toJson(shape.value.shape, shape.value.timestampFormat, entry, `${path}.${key}`),
      ]));
    }
    default:
      return scalarToJson(shape, format ?? 'unixTimestamp', value, path);
  }
}

function scalarToJson(shape: ScalarShape, format: TimestampFormat, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'integer':
    case 'long':
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      break;
    case 'float':
    case 'double':
      // JSON has no word for these numbers.
      if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
      break;
    case 'timestamp':
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) break;
      return format === 'unixTimestamp' ? value.getTime() / 1000 : printTimestamp(value, format);
    case 'blob':
      return blobOf(value, path).toString('base64');
    default:
      if (typeof value === 'string') return value;
  }
  throw wrongType(shape, value, path);
}

function asRecord(shape: Shape, value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) throw wrongType(shape, value, path);
  if (value instanceof Map) throw new EncodeError(path, 'is a Map; maps of an output are plain objects');
  return value as Readonly<Record<string, unknown>>;
}

/** Values whose form depends on the format, JSON or CBOR. */
export interface ScalarReader {
  timestamp(value: unknown): Date | undefined;
  blob(value: unknown): Buffer | undefined;
}

export const JSON_SCALARS: ScalarReader = {
  timestamp: (value) => (typeof value === 'number' || typeof value === 'string' ? parseTimestamp(String(value)) : undefined),
  blob: (value) => (typeof value === 'string' ? Buffer.from(value, 'base64') : undefined),
};

/** The members of an input. Those the model does not have are passed over, null is absence: as AWS does. */
export function fromJsonMembers(shape: StructureShape, value: unknown, scalars: ScalarReader): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(value, 'structure');
  const result: Record<string, unknown> = {};
  const fields = value as Readonly<Record<string, unknown>>;
  for (const member of shape.members.values()) {
    if (member.location || !Object.hasOwn(fields, member.wireName)) continue;
    const field = fields[member.wireName];
    if (field !== undefined && field !== null) result[member.name] = fromJson(member, field, scalars);
  }
  return result;
}

function fromJson({ shape }: Member, value: unknown, scalars: ScalarReader): unknown {
  // An item of a list: left for the validator to name.
  if (value === null || value === undefined) return null;
  switch (shape.type) {
    case 'structure':
      return shape.document ? value : fromJsonMembers(shape, value, scalars);
    case 'list':
      if (!Array.isArray(value)) throw unexpected(value, 'list');
      return value.map((item: unknown) => fromJson(shape.member, item, scalars));
    case 'map':
      if (typeof value !== 'object' || Array.isArray(value)) throw unexpected(value, 'map');
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(shape.value, item, scalars)]));
    default:
      return scalarFromJson(shape, value, scalars);
  }
}

function scalarFromJson(shape: ScalarShape, value: unknown, scalars: ScalarReader): unknown {
  switch (shape.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'integer':
    case 'long':
      // AWS cuts off decimals, and does not read digits in quotes.
      if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
      if (typeof value === 'bigint') return Number(value);
      break;
    case 'float':
    case 'double':
      if (typeof value === 'number') return value;
      // JSON has no word for these numbers.
      if (typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value)) return Number(value);
      break;
    case 'timestamp': {
      const date = value instanceof Date ? value : scalars.timestamp(value);
      if (date) return date;
      break;
    }
    case 'blob': {
      const bytes = scalars.blob(value);
      if (bytes) return bytes;
      break;
    }
    default:
      if (typeof value === 'string') return value;
  }
  throw unexpected(value, shape.type);
}

const JAVA_NAMES: Readonly<Record<string, string>> = {
  boolean: 'Boolean', integer: 'Integer', long: 'Long', float: 'Float', double: 'Double', timestamp: 'Timestamp', blob: 'ByteBuffer',
};

/** The texts of AWS's JSON reader, which name the token it met. */
function unexpected(value: unknown, wanted: string): ServiceError {
  return new ServiceError('SerializationException', unexpectedText(value, wanted), { status: 400 });
}

function unexpectedText(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (typeof value === 'object' && value !== null) return 'Start of structure or map found where not expected.';
  if (wanted === 'list' || wanted === 'structure' || wanted === 'map') return `Expected ${wanted === 'list' ? 'list' : 'map'} or null`;
  const token = typeof value === 'string' ? 'STRING' : typeof value === 'boolean' ? String(value).toUpperCase() : 'NUMBER';
  return `${token}_VALUE can not be converted to ${wanted === 'integer' ? 'an' : 'a'} ${JAVA_NAMES[wanted] ?? 'String'}`;
}
