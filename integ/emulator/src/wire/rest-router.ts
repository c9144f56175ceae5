import type { QueryParameters } from './http';
import { percentDecode } from './http';
import type { OperationModel, ServiceModel } from './model';

/** An operation found by method, path and query, with the values of the path's labels. */
export interface Route {
  /** Absent for an operation AWS has and the model does not. */
  readonly operation?: OperationModel;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly name: string;
  readonly operation?: OperationModel;
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  /** Query parameters the URI itself has (`?acl`, `?list-type=2`). */
  readonly literals: readonly (readonly [string, string])[];
  /** Query parameters and headers without which the request is another operation's (UploadPart, CopyObject). */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** How much a request must have for this pattern: of two that fit, the pickier one is meant. */
  readonly weight: number;
}

const routers = new WeakMap<ServiceModel, readonly Pattern[]>();

export function route(
  model: ServiceModel, method: string, path: string, query: QueryParameters, hasHeader: (name: string) => boolean,
): Route | undefined {
  let patterns = routers.get(model);
  if (!patterns) routers.set(model, patterns = patternsOf(model));
  for (const { operation, name, labels, ...must } of patterns) {
    if (must.method !== method) continue;
    if (!must.literals.every(([key, value]) => query.has(key) && (value === '' || query.get(key)?.[0] === value))) continue;
    if (!must.requiredQuery.every((key) => query.has(key)) || !must.requiredHeaders.every(hasHeader)) continue;
    const match = must.path.exec(path);
    if (match) return { operation, name, labels: Object.fromEntries(labels.map((label, at) => [label, percentDecode(match[at + 1])])) };
  }
  return undefined;
}

function patternsOf(model: ServiceModel): Pattern[] {
  const kept = [...model.operations.values()].map((operation) => patternOf(operation.name, operation.method, operation.uri, operation));
  const others = [...model.notKept].map(([name, place]) => {
    const space = place.indexOf(' ');
    return patternOf(name, place.slice(0, space), place.slice(space + 1));
  });
  // Without their inputs, operations that are not kept cannot be told from a kept one with the same URI: those come last.
  return [...kept, ...others].sort((a, b) => b.weight - a.weight || Number(Boolean(b.operation)) - Number(Boolean(a.operation)));
}

function patternOf(name: string, method: string, uri: string, operation?: OperationModel): Pattern {
  const [path, query = ''] = uri.split('?');
  const labels: string[] = [];
  const source = path.split(/(\{[^}]+\})/).map((part) => {
    const label = /^\{([^}+]+)(\+?)\}$/.exec(part);
    if (!label) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    labels.push(label[1]);
    return label[2] ? '(.+)' : '([^/]+)';
  }).join('');
  const literals = query.split('&').filter((pair) => pair !== '').map((pair): [string, string] => {
    const [key, value = ''] = pair.split('=');
    return [key, value];
  });
  const required = (operation?.input?.required ?? []).map((member) => operation?.input?.members.get(member));
  const requiredQuery = required.filter((member) => member?.location === 'querystring').map((member) => String(member?.wireName));
  const requiredHeaders = required.filter((member) => member?.location === 'header').map((member) => String(member?.wireName).toLowerCase());
  return {
    name,
    operation,
    method,
    // Clients of several ages differ in a closing slash.
    path: new RegExp(`^${source}${path.endsWith('+}') || path.endsWith('/') ? '' : '/?'}$`, 's'),
    labels,
    literals,
    requiredQuery,
    requiredHeaders,
    // Paths with fewer labels first (`/WriteGetObjectResponse` is not a bucket), then by what else is asked for.
    weight: literals.length * 10 + requiredQuery.length * 2 + requiredHeaders.length - labels.length * 100 + (path.includes('+') ? 0 : 1),
  };
}
