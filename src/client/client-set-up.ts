import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { Installation } from './client-options';
import { scriptHead, scriptText } from './client-scripts';
import type { ICluster } from '../cluster/cluster-ref';
import { hostInUseProblem } from '../private/client-validation';
import { throwFirst } from '../private/errors';

/** Where the script lies on a host: it is run again and again. */
const SCRIPT = '/usr/local/lib/cdk-cloudhsm/client.sh';

/** In no script of ours, at the beginning of a line or elsewhere. */
const END_OF_SCRIPT = 'END_OF_CLOUDHSM_CLIENT';

/** Paths of installations by the user data they are part of: a component has one configuration, and so one cluster. */
const INSTALLED = new WeakMap<ec2.UserData, string>();

/** Adds to what a host does when it first boots. @throws ValidationError for a host that has a client already */
export function setUpOn(scope: IConstruct, userData: ec2.UserData, cluster: ICluster, installation: Installation): void {
  throwFirst(scope, [hostInUseProblem(INSTALLED.get(userData))]);
  INSTALLED.set(userData, scope.node.path);
  userData.addCommands(commands(cluster, installation));
}

/** The script is laid down, and run. */
function commands(cluster: ICluster, installation: Installation): string {
  const { software, keyAvailability, addressLookupInterval } = installation;
  const values = {
    ClusterId: cluster.clusterId,
    TrustAnchorParameter: cluster.trustAnchor.parameterName,
    Software: software.map(({ packageName, configureTool }) => `${packageName}=${configureTool}`).join(' '),
    KeyAvailabilityOption: keyAvailability.option,
    FollowSeconds: String(addressLookupInterval.toSeconds()),
  };
  return [
    `install -d -m 0755 ${SCRIPT.slice(0, SCRIPT.lastIndexOf('/'))}`,
    `cat > ${SCRIPT} << '${END_OF_SCRIPT}'`,
    `${scriptHead(values, installation)}\n${scriptText('set-up-client')}${END_OF_SCRIPT}`,
    `chmod 0755 ${SCRIPT}`,
    `${SCRIPT} set-up || exit 1`,
  ].join('\n');
}
