import type { Calls, CallRecord } from '../access/call';
import type { Row, Tables } from '../kernel';
import { ANYTHING, globMatches } from '../kernel/glob';
import type { GlobPart } from '../kernel/glob';
import { hasModel, loadModel } from '../wire/model';

/** Where a refusal comes from: a row of a table, or the service's model. */
export interface Rule {
  readonly rule: string;
  readonly basis: string;
  readonly source: string;
}

/** A call, with all that is known about why it was refused. */
export interface Explained extends CallRecord {
  /** What it asked for, as JSON; of refused calls only. */
  readonly asked?: string;
  readonly rules?: readonly Rule[];
}

/** What became of a call, by the request id of its answer. */
export function explain(calls: Calls, tables: Tables, requestId: string): Explained[] {
  return calls.records.filter((record) => record.requestId === requestId).map((record) => ({
    ...record,
    ...(record.error === undefined ? {} : { asked: calls.asked.of(requestId), rules: rulesOf(tables, record) }),
  }));
}

/** The rows whose text this is, the most particular first; where there is none, the model's error. */
function rulesOf(tables: Tables, { service, error, message = '' }: CallRecord): Rule[] {
  const rows = tables.names().includes(service) ? tables.all(service) : [];
  const said = rows.flatMap((row) => textsOf(row).filter((text) => fits(text, message)).map((text) => ({ row, length: text.replace(/\{\w+\}/g, '').length })));
  if (said.length > 0) {
    return said.sort((a, b) => b.length - a.length).map(({ row: { id, basis, source } }) => ({ rule: `${service}/${id}`, basis, source }));
  }
  if (!hasModel(service)) return [];
  const { metadata, shapes } = loadModel(service);
  const known = error !== undefined && shapes.has(error);
  return known ? [{ rule: `error ${error} of the model`, basis: 'model', source: `botocore ${service}/${metadata.apiVersion}/service-2` }] : [];
}

function textsOf({ value, variants = {} }: Row): string[] {
  return [value, ...Object.values(variants)].filter((text): text is string => typeof text === 'string' && text.includes(' '));
}

/** Whether a message is this text with its `{names}` filled in. */
function fits(text: string, message: string): boolean {
  const parts = text.split(/\{\w+\}/).flatMap((literal, at): GlobPart[] => (at === 0 ? [...literal] : [ANYTHING, ...literal]));
  return globMatches(parts, message);
}
