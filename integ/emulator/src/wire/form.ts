import type { QueryParameters } from './http';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './model';
import { parseScalar } from './scalar';

/** The parameters of a form as the tree their dotted names spell. */
export interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

/** Names and list positions are those of one of the two query protocols. */
export interface FormDialect {
  memberName(member: Member): string;
  /** The names under which a list's positions may stand; '' stands for the list itself. */
  listSteps(list: ListShape, flattened: boolean): readonly string[];
  mapSteps(map: MapShape, flattened: boolean): readonly string[];
}

export function formTree(parameters: QueryParameters): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [name, values] of parameters) {
    let node = root;
    for (const step of name.split('.')) {
      let child = node.children.get(step);
      if (!child) node.children.set(step, child = { children: new Map() });
      node = child;
    }
    node.value = values[0];
  }
  return root;
}

export function readStructure(shape: StructureShape, node: FormNode, dialect: FormDialect): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const value = readMember(member, node, dialect);
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}

function readMember(member: Member, parent: FormNode, dialect: FormDialect): unknown {
  const { shape, flattened } = member;
  const own = parent.children.get(dialect.memberName(member));
  // A flattened list goes by the name of its items, in place of its own.
  const inPlace = shape.type === 'list' && flattened && shape.member.locationName ? parent.children.get(shape.member.locationName) : undefined;
  const node = own ?? inPlace;
  return node ? readValue(shape, flattened, node, dialect) : undefined;
}

function readValue(shape: Shape, flattened: boolean, node: FormNode, dialect: FormDialect): unknown {
  switch (shape.type) {
    case 'structure':
      return readStructure(shape, node, dialect);
    case 'list': {
      const items = positions(node, dialect.listSteps(shape, flattened));
      return items.map((item) => readValue(shape.member.shape, shape.member.flattened, item, dialect));
    }
    case 'map': {
      const entries = positions(node, dialect.mapSteps(shape, flattened));
      return Object.fromEntries(entries.map((entry) => [
        entry.children.get(shape.key.wireName)?.value ?? '',
        readValue(shape.value.shape, shape.value.flattened, entry.children.get(shape.value.wireName) ?? { value: '', children: new Map() }, dialect),
      ]));
    }
    default:
      return parseScalar(shape, node.value ?? '');
  }
}

/** The items under the first step that has any, in the order of their numbers. No item at all is an empty list. */
function positions(node: FormNode, steps: readonly string[]): FormNode[] {
  for (const step of steps) {
    const list = step === '' ? node : node.children.get(step);
    const numbered = [...list?.children ?? []].filter(([name]) => /^\d+$/.test(name));
    if (numbered.length > 0) return numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
  }
  return [];
}
