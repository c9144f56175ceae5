import { unresolved } from '../errors';
import { isCustomResource, specOf } from '../spec';
import type { Specs } from '../spec';
import { decide } from './decide';
import type { ChangedProperty, Decision, Desired } from './decide';
import { canonical, equal } from './equal';
import { activeResources, desiredOf, outputsOf } from '../template/desired';
import type { EvaluatedOutput } from '../template/desired';
import { Evaluator, KNOWN_AFTER_APPLY, newTrace } from '../template/evaluate';
import type { Environment, Resources, Trace } from '../template/evaluate';
import { dependencies } from '../template/references';
import { own } from '../template/template';
import type { Template, Value, ValueMap } from '../template/template';
import { refused } from '../texts';

/** A resource as it is deployed. */
export interface DeployedResource extends Desired {
  readonly physicalId: string;
  readonly attributes: ValueMap;
  /** Its last operation failed: it is touched again whatever the template says. */
  readonly failed?: boolean;
}

export interface Deployed {
  readonly template?: Template;
  readonly resources: { readonly [logicalId: string]: DeployedResource };
  readonly parameters: { readonly [name: string]: string | readonly string[] };
  readonly outputs: readonly EvaluatedOutput[];
}

export type Attribute = 'Properties' | 'Metadata' | 'CreationPolicy' | 'UpdatePolicy' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'Tags';

export interface Detail {
  readonly attribute: Attribute;
  readonly name?: string;
  readonly requiresRecreation: 'Always' | 'Conditionally' | 'Never';
  readonly evaluation: 'Static' | 'Dynamic';
  readonly source: 'DirectModification' | 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute' | 'Automatic';
  readonly causingEntity?: string;
  readonly before?: Value;
  readonly after?: Value;
}

export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import';
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly policyAction?: 'Delete' | 'Retain' | 'Snapshot' | 'ReplaceAndDelete' | 'ReplaceAndRetain' | 'ReplaceAndSnapshot';
  readonly scope: readonly Attribute[];
  readonly details: readonly Detail[];
  readonly before?: Desired;
  readonly after?: Desired;
}

export interface Plan {
  readonly changes: readonly Change[];
  readonly outputsChanged: boolean;
}

export interface PlanInput {
  readonly deployed: Deployed;
  readonly template: Template;
  readonly environment: Environment;
  readonly stackTags: ValueMap;
  /** Logical ids of resources to adopt, with their physical ids. */
  readonly imports?: { readonly [logicalId: string]: string };
  readonly specs?: Specs;
  /** Whether a change in place may change this attribute; all of them, if nobody knows better. */
  readonly mayChange?: (type: string, attribute: string) => boolean;
}

/** What changes, were the template deployed now. Touches nothing. */
export function plan(input: PlanInput): Plan {
  const { deployed, template, environment, stackTags, imports = {}, specs = specOf, mayChange = () => true } = input;
  const graph = dependencies(template);
  const known = new KnownResources(deployed, imports, mayChange);
  const evaluator = new Evaluator(template, environment, known);
  const active = activeResources(template, evaluator);
  checkTypesKept(deployed, template, active);

  const changes = new Map<string, Change>();
  for (const id of inOrder(active, graph)) {
    const trace = newTrace();
    const after = desiredOf(template.Resources[id], evaluator.traced(trace), stackTags);
    const before = own(deployed.resources, id);
    if (!before) {
      const adopted = own(imports, id);
      known.added(id);
      changes.set(id, { action: adopted === undefined ? 'Add' : 'Import', logicalId: id, type: after.type, physicalId: adopted, scope: [], details: [], after });
      continue;
    }
    const change = modification({ id, before, after, trace, input, known, evaluator, decision: decide(before, after, specs) });
    if (!change) continue;
    changes.set(id, change);
    known.modified(id, change.replacement!);
  }
  const removed = Object.entries(deployed.resources).filter(([id]) => !active.includes(id)).map(([id, resource]) => removal(id, resource));
  const ordered = Object.keys(template.Resources).flatMap((id) => changes.get(id) ?? []);
  return { changes: [...removed, ...ordered], outputsChanged: !sameOutputs(deployed.outputs, outputsOf(template, evaluator)) };
}

export function isEmpty({ changes, outputsChanged }: Plan): boolean {
  return changes.length === 0 && !outputsChanged;
}

interface Modification {
  readonly id: string;
  readonly before: DeployedResource;
  readonly after: Desired;
  readonly trace: Trace;
  readonly input: PlanInput;
  readonly known: KnownResources;
  readonly evaluator: Evaluator;
  readonly decision: Decision;
}

function modification(given: Modification): Change | undefined {
  const { id, before, after, decision } = given;
  if (!decision.touches && decision.policies.length === 0 && !before.failed) return undefined;
  const details = [
    ...decision.properties.flatMap((property) => propertyDetails(property, given)),
    ...(decision.stackTags ? [plain('Tags', before.stackTags, after.stackTags)] : []),
    ...(decision.metadata ? [plain('Metadata', before.metadata, after.metadata)] : []),
    ...decision.policies.map((name) => plain(name)),
  ];
  const replacement = replacementOfAll(details);
  return {
    action: 'Modify',
    logicalId: id,
    type: after.type,
    physicalId: before.physicalId,
    replacement,
    policyAction: replacement === 'False' ? undefined : replacePolicy(after.updateReplacePolicy),
    scope: [...new Set(details.map(({ attribute }) => attribute))],
    details,
    before,
    after,
  };
}

function plain(attribute: Attribute, before?: Value, after?: Value): Detail {
  return { attribute, requiresRecreation: 'Never', evaluation: 'Static', source: 'DirectModification', before, after };
}

/** Why a property changes: by the template's own text, by a parameter, by what another resource will be. */
function propertyDetails(property: ChangedProperty, { id, after, input, known, evaluator }: Modification): Detail[] {
  const { name, before: old, after: now, requiresRecreation } = property;
  const base = { attribute: isTags(after.type, name) ? 'Tags' as const : 'Properties' as const, name, requiresRecreation, before: old, after: now };
  const raw = input.template.Resources[id].Properties?.[name];
  const rawBefore = input.deployed.template?.Resources[id]?.Properties?.[name];
  const trace = newTrace();
  evaluator.traced(trace).value(raw);
  const unknown = canonical(now).includes(KNOWN_AFTER_APPLY);
  const evaluation = unknown ? 'Dynamic' : 'Static';
  const causes: Detail[] = [];
  for (const parameter of trace.parameters) {
    if (equal(input.deployed.parameters[parameter], input.environment.parameters[parameter])) continue;
    causes.push({ ...base, evaluation: 'Static', source: 'ParameterReference', causingEntity: parameter });
  }
  for (const reference of trace.references) {
    if (known.isUnknown(reference)) causes.push({ ...base, evaluation: 'Dynamic', source: 'ResourceReference', causingEntity: reference });
  }
  for (const attribute of trace.attributes) {
    const [resource, ...path] = attribute.split('.');
    if (known.isUncertain(resource, path.join('.'))) causes.push({ ...base, evaluation: 'Dynamic', source: 'ResourceAttribute', causingEntity: attribute });
  }
  if (causes.length === 0 || canonical(raw) !== canonical(rawBefore)) causes.unshift({ ...base, evaluation, source: 'DirectModification' });
  return causes;
}

function isTags(type: string, property: string): boolean {
  return !isCustomResource(type) && specOf(type)?.tags?.[0] === property;
}

function replacementOfAll(details: readonly Detail[]): 'True' | 'False' | 'Conditional' {
  if (details.some(({ requiresRecreation, evaluation }) => requiresRecreation === 'Always' && evaluation === 'Static')) return 'True';
  return details.some(({ requiresRecreation }) => requiresRecreation !== 'Never') ? 'Conditional' : 'False';
}

function replacePolicy(policy: string): Change['policyAction'] {
  return policy === 'Retain' ? 'ReplaceAndRetain' : policy === 'Snapshot' ? 'ReplaceAndSnapshot' : 'ReplaceAndDelete';
}

function removal(id: string, resource: DeployedResource): Change {
  const { deletionPolicy } = resource;
  return {
    action: 'Remove',
    logicalId: id,
    type: resource.type,
    physicalId: resource.physicalId,
    policyAction: deletionPolicy.startsWith('Retain') ? 'Retain' : deletionPolicy === 'Snapshot' ? 'Snapshot' : 'Delete',
    scope: [],
    details: [],
    before: resource,
  };
}

function checkTypesKept(deployed: Deployed, template: Template, active: readonly string[]): void {
  const changed = active.filter((id) => (own(deployed.resources, id)?.type ?? template.Resources[id].Type) !== template.Resources[id].Type);
  if (changed.length > 0) {
    throw refused('text-other-resource-type', { logicalIds: changed.join(', ') });
  }
}

/** Every resource after all that it waits for, otherwise in the order of the template. */
export function inOrder(ids: readonly string[], graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const wanted = new Set(ids);
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id)) return;
    done.add(id);
    for (const needed of graph.get(id) ?? []) visit(needed);
    order.push(id);
  };
  const order: string[] = [];
  ids.forEach(visit);
  return order.filter((id) => wanted.has(id));
}

function sameOutputs(before: readonly EvaluatedOutput[], after: readonly EvaluatedOutput[]): boolean {
  const form = (outputs: readonly EvaluatedOutput[]): Value => Object.fromEntries(outputs.map((output) =>
    [output.key, [output.value, output.description ?? '', output.exportName ?? '']]));
  // An output made of something not known yet changes together with the resource, not by itself.
  if (JSON.stringify(after).includes(KNOWN_AFTER_APPLY)) return false;
  return equal(form(before), form(after));
}

/** Resources as they are, with what the plan so far has made unknown. */
class KnownResources implements Resources {
  private readonly new = new Set<string>();
  /** What is changed, and whether that replaces it. */
  private readonly touched = new Map<string, NonNullable<Change['replacement']>>();

  public constructor(
    private readonly deployed: Deployed,
    private readonly imports: { readonly [logicalId: string]: string },
    private readonly mayChange: (type: string, attribute: string) => boolean,
  ) {}

  public added(id: string): void {
    this.new.add(id);
  }

  public modified(id: string, replacement: NonNullable<Change['replacement']>): void {
    this.touched.set(id, replacement);
  }

  public isUnknown(id: string): boolean {
    return this.new.has(id) || this.touched.get(id) === 'True';
  }

  public isUncertain(id: string, attribute: string): boolean {
    if (this.new.has(id)) return true;
    const replacement = this.touched.get(id);
    if (replacement === undefined) return false;
    return replacement !== 'False' || this.mayChange(this.deployed.resources[id].type, attribute);
  }

  public ref(id: string): Value {
    const adopted = own(this.imports, id);
    if (adopted !== undefined) return adopted;
    return this.isUnknown(id) ? KNOWN_AFTER_APPLY : this.known(id).physicalId;
  }

  public attribute(id: string, attribute: string): Value {
    if (this.isUncertain(id, attribute)) return KNOWN_AFTER_APPLY;
    return this.known(id).attributes[attribute] ?? KNOWN_AFTER_APPLY;
  }

  private known(id: string): DeployedResource {
    return own(this.deployed.resources, id) ?? unresolved(id);
  }
}
