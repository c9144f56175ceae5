import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape } from './model';
import { ServiceError } from './operation';
import { parseScalar } from './scalar';

/** An element: its text when it has neither children nor attributes. Every child is an array, `@name` an attribute. */
type XmlNode = string | { readonly [name: string]: readonly XmlNode[] | string };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: true,
  htmlEntities: true,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** Reads a document whose root element is a structure, whatever the root is called. */
export function readXml(shape: StructureShape, body: Buffer): Record<string, unknown> {
  const text = body.toString('utf8');
  // A document type declares entities, which stand for more and more text, or for files. No client of S3 sends one.
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) throw malformed();
  let document: XmlNode;
  try {
    document = parser.parse(text) as XmlNode;
  } catch {
    throw malformed();
  }
  const root = Object.values(document).find((nodes): nodes is readonly XmlNode[] => Array.isArray(nodes));
  if (!root) throw malformed();
  return readStructure(shape, root[0]);
}

function malformed(): ServiceError {
  const text = 'The XML you provided was not well-formed or did not validate against our published schema';
  return new ServiceError('MalformedXML', text, { status: 400 });
}

function readStructure(shape: StructureShape, node: XmlNode): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const value = member.location ? undefined : readMember(member, node);
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}

function readMember(member: Member, parent: XmlNode): unknown {
  const { shape } = member;
  if (member.xmlAttribute) {
    // Prefixes are gone by now.
    const value = typeof parent === 'string' ? undefined : parent[`@${member.wireName.slice(member.wireName.indexOf(':') + 1)}`];
    return typeof value === 'string' ? value : undefined;
  }
  if (member.flattened && shape.type === 'list') {
    const nodes = children(parent, shape.member.locationName ?? member.wireName);
    return nodes.length > 0 ? nodes.map((node) => readValue(shape.member.shape, node)) : undefined;
  }
  if (member.flattened && shape.type === 'map') {
    const nodes = children(parent, member.wireName);
    return nodes.length > 0 ? readEntries(shape, nodes) : undefined;
  }
  const [node] = children(parent, member.wireName);
  return node === undefined ? undefined : readValue(shape, node);
}

function readValue(shape: Shape, node: XmlNode): unknown {
  switch (shape.type) {
    case 'structure': return readStructure(shape, node);
    case 'list': return readItems(shape, node);
    case 'map': return readEntries(shape, children(node, 'entry'));
    default: return readScalar(shape, node);
  }
}

function readItems(shape: ListShape, node: XmlNode): unknown[] {
  return children(node, shape.member.locationName ?? 'member').map((item) => readValue(shape.member.shape, item));
}

function readEntries(shape: MapShape, nodes: readonly XmlNode[]): Record<string, unknown> {
  return Object.fromEntries(nodes.map((node) => [
    textOf(children(node, shape.key.wireName)[0] ?? ''),
    readValue(shape.value.shape, children(node, shape.value.wireName)[0] ?? ''),
  ]));
}

function readScalar(shape: ScalarShape, node: XmlNode): unknown {
  try {
    return parseScalar(shape, textOf(node));
  } catch {
    throw malformed();
  }
}

function children(node: XmlNode, name: string): readonly XmlNode[] {
  const found = typeof node === 'string' ? undefined : node[name];
  return Array.isArray(found) ? found as readonly XmlNode[] : [];
}

function textOf(node: XmlNode): string {
  if (typeof node === 'string') return node;
  const text = node['#text'];
  return typeof text === 'string' ? text : textOf(text?.[0] ?? '');
}
