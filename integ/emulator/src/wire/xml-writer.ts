import { EncodeError, refuseUnknownMembers } from './encode-error';
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape } from './model';
import { printScalar, wrongType } from './scalar';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * The inside of a structure's element: one element per member that has a value, in the model's order.
 * Members that travel elsewhere (header, status) are left out.
 */
export function writeMembers(shape: StructureShape, value: unknown, path: string): string {
  const fields = asRecord(shape, value, path);
  refuseUnknownMembers(path, fields, shape.members);
  let xml = '';
  for (const member of shape.members.values()) {
    const field = fields[member.name];
    if (field === undefined || field === null || member.location || member.xmlAttribute) continue;
    xml += writeMember(member, field, `${path}.${member.name}`);
  }
  return xml;
}

/** A member's element, or its elements where a list or map is flattened. */
function writeMember(member: Member, value: unknown, path: string): string {
  const { shape } = member;
  if (member.flattened && shape.type === 'list') return writeItems(shape, value, shape.member.locationName ?? member.wireName, path);
  if (member.flattened && shape.type === 'map') return writeEntries(shape, value, member.wireName, path);
  return writeElement(member.wireName, member, shape, value, path);
}

function writeElement(name: string, member: Member, shape: Shape, value: unknown, path: string): string {
  switch (shape.type) {
    case 'structure':
      return element(name, writeMembers(shape, value, path), writeAttributes(shape, value, path));
    case 'list':
      return element(name, writeItems(shape, value, shape.member.locationName ?? 'member', path));
    case 'map':
      return element(name, writeEntries(shape, value, 'entry', path));
    default:
      return element(name, escapeText(printScalar(shape, value, member.timestampFormat ?? 'iso8601', path)));
  }
}

function writeItems(shape: ListShape, value: unknown, name: string, path: string): string {
  if (!Array.isArray(value)) throw wrongType(shape, value, path);
  return value.map((item: unknown, at) => writeElement(name, shape.member, shape.member.shape, item, `${path}[${at}]`)).join('');
}

function writeEntries(shape: MapShape, value: unknown, name: string, path: string): string {
  const entries = Object.entries(asRecord(shape, value, path)).filter(([, entry]) => entry !== undefined);
  return entries.map(([key, entry]) => element(name, [
    element(shape.key.wireName, escapeText(key)),
    writeElement(shape.value.wireName, shape.value, shape.value.shape, entry, `${path}.${key}`),
  ].join(''))).join('');
}

/** Attributes of an element, with the namespace their prefix needs (S3's xsi:type). */
function writeAttributes(shape: StructureShape, value: unknown, path: string): string {
  const fields = value as Readonly<Record<string, unknown>>;
  let attributes = '';
  if (shape.xmlNamespace) attributes += namespaceAttribute(shape.xmlNamespace);
  for (const member of shape.members.values()) {
    if (!member.xmlAttribute || fields[member.name] === undefined) continue;
    const text = printScalar(member.shape as ScalarShape, fields[member.name], 'iso8601', `${path}.${member.name}`);
    attributes += ` ${member.wireName}="${escapeAttribute(text)}"`;
  }
  return attributes;
}

export function namespaceAttribute(namespace: { readonly uri: string; readonly prefix?: string }): string {
  return ` xmlns${namespace.prefix ? `:${namespace.prefix}` : ''}="${escapeAttribute(namespace.uri)}"`;
}

/** `attributes` begins with a space or is empty; `content` is XML already. */
export function element(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

export function textElement(name: string, text: string): string {
  return element(name, escapeText(text));
}

/** Characters that XML 1.0 has no way to write. */
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeText(text: string): string {
  if (!/[&<>\r\u0000-\u001f\ufffe\uffff]/.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;').replace(UNWRITABLE, '\ufffd');
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;');
}

function asRecord(shape: Shape, value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) throw wrongType(shape, value, path);
  if (value instanceof Map) throw new EncodeError(path, 'is a Map; maps of an output are plain objects');
  return value as Readonly<Record<string, unknown>>;
}
