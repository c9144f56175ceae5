import { alreadyExists } from './already-exists';
import { idFormat } from '../../kernel';
import type { Table } from '../../kernel';
import { reportNotBuilt } from '../hosts';
import { specOf } from '../spec';
import { done } from './handler';
import type { Handler, Work } from './handler';
import { physicalName } from './physical-name';

/** A type that nobody emulates: it is written down, has an id of the right kind, and the report names it. */
export const recorded: Handler = {
  create: (work) => {
    const physicalId = recordedId(work);
    const identifier = identifierOf(work, physicalId);
    if (standing(work).has(identifier)) return alreadyExists(work, identifier);
    reportNotBuilt(work.context, `${work.type}: recorded only`);
    standing(work).put(identifier, physicalId);
    return done(physicalId);
  },
  update: (work) => done(work.physicalId!, work.attributes),
  delete: (work) => {
    standing(work).delete(identifierOf(work, work.physicalId!));
    return done(work.physicalId!);
  },
  resume: (work) => done(work.physicalId!, work.attributes),
  adopt: (work) => {
    standing(work).put(identifierOf(work, work.physicalId!), work.physicalId!);
    return done(work.physicalId!);
  },
};

/** What there is of a type in this account and region, by identifier. */
function standing({ context, type }: Work): Table<string> {
  return context.table(`cloudformation/recorded/${type}`);
}

/** The type's primary identifier, where the template gives all of it. */
function identifierOf({ type, properties }: Work, physicalId: string): string {
  const given = (specOf(type)?.id ?? []).map((name) => properties[name]);
  return given.length > 0 && given.every((part) => typeof part === 'string') ? given.join('|') : physicalId;
}

/** From the identifying property where it was given, otherwise a name or an id as such types have them. */
function recordedId(work: Work): string {
  const spec = specOf(work.type);
  const identifiers = spec?.ref ?? spec?.id ?? [];
  const [, service = 'service', resource = 'resource'] = work.type.toLowerCase().split('::');
  const bytes = work.context.kernel.ids.named('cloudformation-recorded', work.stackId, work.logicalId, work.uid);
  const parts = (identifiers.length > 0 ? identifiers : ['Name']).map((name) => {
    const given = work.properties[name];
    if (typeof given === 'string') return given;
    if (/Arn$/.test(name)) return work.context.arn(service, `${resource}/${physicalName(work)}`);
    return spec?.properties[name] === undefined && /Id$/.test(name) ? `${resource}-${idFormat.hex(bytes, 17)}` : physicalName(work);
  });
  return parts.join('|');
}
