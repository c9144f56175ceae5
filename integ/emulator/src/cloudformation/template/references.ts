import { getAttArguments } from './functions';
import { dependsOn, functionOf, isObject, own } from './template';
import type { Template, Value } from './template';
import { refused } from '../texts';

/** What a value refers to by `Ref`, `Fn::GetAtt` and `Fn::Sub`; all branches of conditions are looked at. */
export interface References {
  readonly refs: ReadonlySet<string>;
  /** Logical ids whose attributes are used. */
  readonly attributes: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
}

export function referencesIn(value: Value | undefined): References {
  const refs = new Set<string>();
  const attributes = new Set<string>();
  const conditions = new Set<string>();
  const visit = (each: Value | undefined): void => {
    if (Array.isArray(each)) {
      each.forEach(visit);
      return;
    }
    if (!isObject(each)) return;
    const called = functionOf(each);
    if (called?.name === 'Ref') {
      if (typeof called.argument !== 'string') throw refused('text-ref-not-a-string');
      refs.add(called.argument);
      return;
    }
    if (called?.name === 'Condition' && typeof called.argument === 'string') {
      conditions.add(called.argument);
      return;
    }
    if (called?.name === 'Fn::GetAtt') {
      const [id, attribute] = getAttArguments(called.argument);
      attributes.add(String(id));
      visit(attribute);
      return;
    }
    if (called?.name === 'Fn::Sub') {
      visitSub(called.argument);
      return;
    }
    if (called?.name === 'Fn::If' && Array.isArray(called.argument)) conditions.add(String(called.argument[0]));
    Object.values(each).forEach(visit);
  };
  const visitSub = (argument: Value): void => {
    const [text, given] = Array.isArray(argument) ? argument as readonly Value[] : [argument, undefined];
    const inPlace = isObject(given) ? given : {};
    for (const [, expression] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
      const name = expression.trim();
      if (own(inPlace, name) !== undefined) continue;
      if (name.includes('.') && !name.startsWith('AWS::')) attributes.add(name.split('.')[0]);
      else refs.add(name);
    }
    Object.values(inPlace).forEach(visit);
  };
  visit(value);
  return { refs, attributes, conditions };
}

const PSEUDO = new Set(['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`));

/** Logical ids, each with those it waits for. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** They are asked for again with every resource of a stack. A template that was read does not change any more. */
const KNOWN = new WeakMap<Template, Dependencies>();

/**
 * Which resources each resource waits for: `DependsOn` and references.
 *
 * @throws when something refers to what is not there, or when resources wait for each other in a circle
 */
export function dependencies(template: Template): Dependencies {
  let graph = KNOWN.get(template);
  if (!graph) KNOWN.set(template, graph = findDependencies(template));
  return graph;
}

function findDependencies(template: Template): Dependencies {
  const known = (name: string): boolean => Object.hasOwn(template.Resources, name);
  const isParameter = (name: string): boolean => Object.hasOwn(template.Parameters ?? {}, name) || PSEUDO.has(name);
  const graph = new Map<string, Set<string>>();
  const unresolved = new Set<string>();
  const conditions = new Set<string>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const needs = new Set<string>();
    for (const name of dependsOn(resource)) {
      if (known(name)) needs.add(name);
      else unresolved.add(name);
    }
    const { Properties: properties = {}, Metadata: metadata = null, UpdatePolicy: updatePolicy = null } = resource;
    const { refs, attributes, conditions: used } = referencesIn([properties, metadata, updatePolicy] as Value);
    for (const name of refs) {
      if (known(name)) needs.add(name);
      else if (!isParameter(name)) unresolved.add(name);
    }
    for (const name of attributes) {
      if (!known(name)) throw refused('text-get-att-of-nothing', { name });
      needs.add(name);
    }
    for (const name of [...used, ...(resource.Condition ? [resource.Condition] : [])]) conditions.add(name);
    graph.set(id, needs);
  }
  if (unresolved.size > 0) {
    throw refused('text-unresolved-resources', { logicalIds: [...unresolved].join(', ') });
  }
  checkOutputs(template, known, isParameter, conditions);
  checkConditions(template, conditions);
  checkCycles(graph);
  return graph;
}

function checkOutputs(template: Template, known: (name: string) => boolean, isParameter: (name: string) => boolean, conditions: Set<string>): void {
  const unresolved = new Set<string>();
  for (const output of Object.values(template.Outputs ?? {})) {
    const { refs, attributes, conditions: used } = referencesIn([output.Value, output.Export?.Name ?? null]);
    for (const name of refs) if (!known(name) && !isParameter(name)) unresolved.add(name);
    for (const name of attributes) {
      if (!known(name)) throw refused('text-get-att-of-nothing', { name });
    }
    for (const name of [...used, ...(output.Condition ? [output.Condition] : [])]) conditions.add(name);
  }
  if (unresolved.size > 0) {
    throw refused('text-unresolved-in-outputs', { unresolved: [...unresolved].join(', ') });
  }
}

function checkConditions(template: Template, used: ReadonlySet<string>): void {
  const defined = template.Conditions ?? {};
  const missing = [...used].filter((name) => !Object.hasOwn(defined, name));
  if (missing.length > 0) {
    throw refused('text-no-condition', { missing: missing.join(', ') });
  }
  const graph = new Map<string, Set<string>>();
  for (const [name, definition] of Object.entries(defined)) {
    const { refs, attributes, conditions } = referencesIn(definition);
    const wrong = [...refs, ...attributes].filter((each) => !Object.hasOwn(template.Parameters ?? {}, each) && !PSEUDO.has(each));
    if (wrong.length > 0) {
      throw refused('text-reference-in-condition', { wrong: wrong.join(', ') });
    }
    for (const each of conditions) {
      if (!Object.hasOwn(defined, each)) throw refused('text-no-condition-in-condition', { each });
    }
    graph.set(name, new Set(conditions));
  }
  const circle = inCircles(graph);
  if (circle.length > 0) throw refused('text-circular-conditions', { circle: circle.join(' and ') });
}

function checkCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): void {
  const circle = inCircles(graph);
  if (circle.length > 0) throw refused('text-circular-resources', { logicalIds: circle.join(', ') });
}

/** What is left when everything that waits for nothing is taken away again and again, from both ends. */
function inCircles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Set(graph.keys());
  let before = -1;
  while (left.size !== before) {
    before = left.size;
    for (const id of [...left]) {
      const waits = [...graph.get(id)!].some((each) => left.has(each));
      const awaited = [...left].some((each) => graph.get(each)!.has(id));
      if (!waits || !awaited) left.delete(id);
    }
  }
  return [...left];
}
