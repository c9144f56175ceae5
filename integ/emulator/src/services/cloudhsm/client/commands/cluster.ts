import { newPassword } from '../session';
import type { Session } from '../session';
import { Refusal, sayIn } from '../stop';
import type { Command } from './command';
import type { HsmLink } from '../../hsm/link';
import { clusters } from '../../state';

/** From the command to the control plane's notice, and the end of a state in progress, is the service's own time. */
function activate(session: Session, password: string): string {
  const { context, clusterId } = session;
  if (session.links.some((link) => link.user('admin')?.role !== 'unactivated-admin')) throw new Refusal('text-already-activated');
  const salt = session.newSalt();
  session.change('Cluster activation', {}, (link) => link.activate(password, salt));
  context.emit('ACTIVATED', clusterId);
  const lag = context.delay('cloudhsmv2/activation-lag', clusterId);
  context.busy('activation-lag', clusterId, lag);
  context.after(lag, { kind: 'cloudhsmv2.activation-noticed', args: { clusterId } });
  return sayIn(context, 'text-activated');
}

function hsmInfo(session: Session): object {
  return { hsms: session.links.map((link) => describeHsm(session, link)) };
}

function describeHsm({ context, clusterId }: Session, { hsm, partition }: HsmLink): object {
  const row = <T>(id: string): T => context.row<T>(`cloudhsm-hsm/${id}`);
  const versions = row<Record<string, string>>('versions');
  const model = row<Record<string, string>>('model')[hsm.hsmType] ?? hsm.hsmType;
  return {
    'vendor': row('vendor'),
    model,
    'serial-number': partition.serial,
    ...versions,
    'firmware-id': `${model}-FW-${versions['firmware-version-major']}.${versions['firmware-version-minor']}-${versions['firmware-build-number']}`,
    'fips-state': row<Record<string, string>>('fips-state')[clusters(context).get(clusterId)!.mode],
  };
}

export const clusterCommands: readonly Command[] = [
  {
    path: 'cluster activate',
    options: { password: 'one' },
    roles: [],
    prepare: (context, options, answers) => {
      const password = newPassword(context, options.one('password'), answers);
      return (session) => activate(session, password);
    },
  },
  { path: 'cluster hsm-info', options: {}, roles: [], prepare: () => hsmInfo },
];
