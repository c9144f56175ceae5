import { refuseUnknownMembers } from './encode-error';
import type { HttpHeaders, QueryParameters } from './http';
import { header } from './http';
import type { Member, ScalarShape, Shape, StructureShape } from './model';
import { parseScalar, printScalar, wrongType } from './scalar';

/** The members of an input that stand in path, query and headers. The body is the protocol's own affair. */
export function readBindings(
  shape: StructureShape, labels: Readonly<Record<string, string>>, query: QueryParameters, headers: HttpHeaders,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const value = readBinding(member, shape, labels, query, headers);
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}

function readBinding(
  member: Member, parent: StructureShape, labels: Readonly<Record<string, string>>, query: QueryParameters, headers: HttpHeaders,
): unknown {
  switch (member.location) {
    case 'uri':
      return Object.hasOwn(labels, member.wireName) ? parseScalar(member.shape as ScalarShape, labels[member.wireName]) : undefined;
    case 'querystring':
      return readQuery(member, parent, query);
    case 'header':
      return readHeader(member, header(headers, member.wireName.toLowerCase()));
    case 'headers':
      return readPrefixedHeaders(member.wireName.toLowerCase(), headers);
    default:
      return undefined;
  }
}

function readQuery(member: Member, parent: StructureShape, query: QueryParameters): unknown {
  const { shape } = member;
  if (shape.type === 'map') {
    // A map in the query takes every parameter that is nobody else's.
    const taken = new Set([...parent.members.values()].filter((other) => other !== member).map((other) => other.wireName));
    const entries = [...query].filter(([name]) => !taken.has(name));
    return Object.fromEntries(entries.map(([name, values]) => [name, shape.value.shape.type === 'list' ? values : values[0]]));
  }
  const values = query.get(member.wireName);
  if (!values) return undefined;
  if (shape.type === 'list') return values.map((value) => parseScalar(shape.member.shape as ScalarShape, value));
  return parseScalar(shape as ScalarShape, values[0]);
}

function readHeader(member: Member, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  const { shape } = member;
  if (shape.type === 'list') {
    const separator = shape.member.shape.type === 'timestamp' ? /,(?=[^,]*,)/ : /,/;
    return text.split(separator).map((part) => parseScalar(shape.member.shape as ScalarShape, part.trim()));
  }
  return parseScalar(shape as ScalarShape, text);
}

function readPrefixedHeaders(prefix: string, headers: HttpHeaders): Record<string, string> | undefined {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), header(headers, name) ?? '']));
}

/** What of an output does not travel in the body. */
export interface Bindings {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The members of an output that are status and headers. */
export function writeBindings(shape: StructureShape, output: Readonly<Record<string, unknown>>, path: string): Bindings {
  refuseUnknownMembers(path, output, shape.members);
  const headers: Record<string, string> = {};
  let status: number | undefined;
  for (const member of shape.members.values()) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    const place = `${path}.${member.name}`;
    switch (member.location) {
      case 'statusCode':
        status = Number(value);
        break;
      case 'header':
        headers[member.wireName.toLowerCase()] = writeHeader(member, value, place);
        break;
      case 'headers':
        for (const [name, entry] of Object.entries(value as Record<string, string>)) {
          headers[(member.wireName + name).toLowerCase()] = headerSafe(entry);
        }
    }
  }
  return { status, headers };
}

function writeHeader(member: Member, value: unknown, path: string): string {
  const { shape } = member;
  const print = (of: Shape, item: unknown): string => headerSafe(printScalar(of as ScalarShape, item, member.timestampFormat ?? 'rfc822', path));
  if (shape.type !== 'list') return print(shape, value);
  if (!Array.isArray(value)) throw wrongType(shape, value, path);
  return value.map((item: unknown) => print(shape.member.shape, item)).join(', ');
}

/** Node refuses control characters in a header, and so does HTTP. */
function headerSafe(value: string): string {
  // eslint-disable-next-line no-control-regex
  return value.replace(/[\u0000-\u0008\u000a-\u001f\u007f]+/g, ' ');
}
