import type { App } from 'aws-cdk-lib';
import { quickStart } from './quick-start';
import { PasswordRotation } from 'cdk-cloudhsm';

/** The quick start, whose user changes his password every month. */
export function rotatedUser(rotation: PasswordRotation | undefined = PasswordRotation.maintenanceWindow()): (app: App) => void {
  return quickStart({ users: [], and: (_stack, cluster) => { cluster.addCryptoUser('User-app', { userName: 'app', rotation }); } });
}
