import { beginWith } from './_harness/beginning';
import type { Offline } from './_harness/offline';
import { deployWithout } from './_harness/removals';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { CustomKeyStore } from 'cdk-cloudhsm';

/** What is asked of the quick start while a permission is missing. */
const STEPS = {
  'an HSM more': quickStart({ hsmCount: 3 }),
  'an HSM less': quickStart({ hsmCount: 1 }),
  'one more user': quickStart({ users: ['app', 'late'] }),
  'a key store': quickStart({ and: (stack, cluster) => new CustomKeyStore(stack, 'Store', { cluster, customKeyStoreName: 'orders' }) }),
};

const FUNCTION = 'CloudHsmLifecycleRole';
const MACHINE = 'CloudHsmLifecycleMachineRole';
const CLIENT = 'ClusterAdminClientRole';

/** CloudHSM's own sentence; the one with the action is in the report. */
const CLOUDHSM = /CloudHsmAccessDeniedException: (The request was rejected because the requester does not have permission|User: )/;

interface Removal {
  readonly step: keyof typeof STEPS;
  readonly role: string;
  readonly action: string;
  /** What the events of the stack say, where that is not AWS's sentence about the action. */
  readonly says?: RegExp;
}

let offline: Offline;

afterEach(() => offline.stop());

test.each<Removal>([
  { step: 'an HSM more', role: FUNCTION, action: 'cloudhsm:CreateHsm', says: CLOUDHSM },
  { step: 'an HSM more', role: FUNCTION, action: 'ec2:CreateNetworkInterface', says: CLOUDHSM },
  { step: 'an HSM more', role: FUNCTION, action: 'ssm:PutParameter' },
  { step: 'an HSM more', role: FUNCTION, action: 'states:StartExecution' },
  // Without its function the machine cannot even answer.
  { step: 'an HSM more', role: MACHINE, action: 'lambda:InvokeFunction', says: /did not receive a response from your Custom Resource/ },
  { step: 'an HSM less', role: FUNCTION, action: 'cloudhsm:DeleteHsm', says: CLOUDHSM },
  { step: 'an HSM less', role: FUNCTION, action: 'kms:DescribeCustomKeyStores' },
  { step: 'one more user', role: FUNCTION, action: 'ssm:SendCommand' },
  // The script on the client gives the cause in words of its own.
  { step: 'one more user', role: CLIENT, action: 'cloudhsm:DescribeClusters', says: /ClusterUnreadable: the client's role cannot look up the HSMs of cluster / },
  { step: 'a key store', role: FUNCTION, action: 'secretsmanager:CreateSecret' },
  { step: 'a key store', role: FUNCTION, action: 'kms:CreateCustomKeyStore' },
  { step: 'a key store', role: FUNCTION, action: 'iam:CreateServiceLinkedRole' },
])('there is not $step without $action of the $role: the deploy ends so, and the report says what to add', async ({ step, role, action, says }) => {
  offline = await beginWith(QUICK_START);

  const change = { base: QUICK_START.build, step: STEPS[step] };

  const { status, why, refusals: [refusal] } = await deployWithout(offline, change, { role, actions: [action] });

  const sentence = `is not authorized to perform: ${action} on resource: `;
  expect(status).toMatch(/^UPDATE_ROLLBACK_(COMPLETE|FAILED)$/);
  expect(why).toMatch(says ?? sentence);
  expect(refusal.text).toMatch(new RegExp(`^User: arn:aws:sts::\\d{12}:assumed-role/\\S+ ${sentence}\\S+ because no identity-based policy allows the ${action} action$`));
  expect(refusal.add).toEqual({ Effect: 'Allow', Action: action, Resource: refusal.resource });
});
