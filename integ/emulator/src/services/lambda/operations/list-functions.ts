import type { Context, Output } from '../../../wire/operation';
import { shown } from '../configuration';
import { findFunction, parseName } from '../names';
import { page } from '../paging';
import { tables } from '../state';
import type { VersionRecord } from '../state';

interface ListInput {
  readonly FunctionVersion?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export function listFunctions(context: Context, input: ListInput): Output {
  const all = tables.functions(context).values().flatMap((record) => [
    shown(context, record.latest, '$LATEST', record),
    ...(input.FunctionVersion === 'ALL' ? versionsOf(context, record.name).map((version) => shownVersion(context, version)) : []),
  ]);
  const { items, next } = page(all.map(listed), input, 50);
  return { Functions: items, NextMarker: next };
}

export function listVersionsByFunction(context: Context, input: ListInput & { readonly FunctionName: string }): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  const all = [
    shown(context, record.latest, '$LATEST', record),
    ...versionsOf(context, record.name).map((version) => shownVersion(context, version)),
  ];
  const { items, next } = page(all.map(listed), input, 50);
  return { Versions: items, NextMarker: next };
}

/** Lists leave out where a function stands. */
function listed({
  State: _, StateReason: _1, StateReasonCode: _2, LastUpdateStatus: _3, LastUpdateStatusReason: _4, LastUpdateStatusReasonCode: _5,
  ...rest
}: Output): Output {
  return rest;
}

function versionsOf(context: Context, name: string): VersionRecord[] {
  return tables.versions(context).values().filter(({ functionName }) => functionName === name);
}

function shownVersion(context: Context, { configuration, version, state }: VersionRecord): Output {
  return shown(context, configuration, version, { state, update: 'Successful' });
}
