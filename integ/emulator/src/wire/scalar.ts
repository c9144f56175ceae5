import { EncodeError } from './encode-error';
import type { ScalarShape } from './model';
import type { TimestampFormat } from './model-document';
import { ServiceError } from './operation';
import { parseTimestamp, printTimestamp } from './timestamp';

/** A scalar of an output as text: for XML, headers and paths. */
export function printScalar(shape: ScalarShape, value: unknown, format: TimestampFormat, path: string): string {
  switch (shape.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value ? 'true' : 'false';
      break;
    case 'integer':
    case 'long':
      if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return String(value);
      break;
    case 'float':
    case 'double':
      if (typeof value === 'number') return Number.isFinite(value) ? String(value) : value > 0 ? 'Infinity' : value < 0 ? '-Infinity' : 'NaN';
      break;
    case 'timestamp':
      if (value instanceof Date && !Number.isNaN(value.getTime())) return printTimestamp(value, format);
      break;
    case 'blob':
      return blobOf(value, path).toString('base64');
    default:
      if (typeof value === 'string') return value;
  }
  throw wrongType(shape, value, path);
}

/** The bytes of a blob in an output; text stands for its UTF-8. */
export function blobOf(value: unknown, path: string): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  throw new EncodeError(path, `should be bytes, is ${kindOf(value)}`);
}

export function wrongType(shape: { readonly type: string }, value: unknown, path: string): EncodeError {
  return new EncodeError(path, `should be ${shape.type === 'timestamp' ? 'a Date' : `of type ${shape.type}`}, is ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  return typeof value === 'number' ? `the number ${value}` : typeof value;
}

/** A scalar of an input from text: a form, XML, a header, a path. */
export function parseScalar(shape: ScalarShape, text: string): unknown {
  switch (shape.type) {
    case 'boolean': {
      const lower = text.trim().toLowerCase();
      if (lower === 'true' || lower === 'false') return lower === 'true';
      throw malformed(`${text} is not a valid Boolean`);
    }
    case 'integer':
    case 'long':
      if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
      throw malformed(`${text} is not a valid ${shape.type === 'long' ? 'Long' : 'Integer'}`);
    case 'float':
    case 'double': {
      const value = Number(text);
      if (text.trim() !== '' && (!Number.isNaN(value) || text === 'NaN')) return value;
      throw malformed(`${text} is not a valid ${shape.type === 'float' ? 'Float' : 'Double'}`);
    }
    case 'timestamp': {
      const date = parseTimestamp(text);
      if (date) return date;
      throw malformed('timestamp must follow ISO8601');
    }
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedInput', message, { status: 400 });
}
