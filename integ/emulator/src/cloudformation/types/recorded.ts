import { idFormat } from '../../kernel';
import { reportNotBuilt } from '../hosts';
import { specOf } from '../spec';
import { done } from './handler';
import type { Handler, Work } from './handler';
import { physicalName } from './physical-name';

/** A type that nobody emulates: it is written down, has an id of the right kind, and the report names it. */
export const recorded: Handler = {
  create: (work) => {
    reportNotBuilt(work.context, `${work.type}: recorded only`);
    return done(recordedId(work));
  },
  update: (work) => done(work.physicalId!, work.attributes),
  delete: (work) => done(work.physicalId!),
  resume: (work) => done(work.physicalId!, work.attributes),
  adopt: (work) => done(work.physicalId!),
};

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
