import type { View } from '../src/report/view';

/** As much as there can be to see, with markup wherever somebody else chooses the text. */
export function hostileView(mark: string): View {
  const attack = `<img src=x onerror="window.attacked=1">${mark}`;
  const names = ['Vpc', 'Cluster', 'FirstHsm', 'Initialization', 'Fleet', 'Activation', 'KeyStore'];
  return {
    seed: 1, deterministic: true, emulatedSeconds: 1_830, hourlyCost: 3.2, notBuilt: [`AWS::Some::Type ${attack}`],
    criticalPath: { floorSeconds: 1_500, actualSeconds: 1_545, overhead: 0.03 },
    clusters: [{
      clusterId: 'cluster-abcdefghijk', state: 'ACTIVE', hsmType: 'hsm2m.medium', mode: 'FIPS', region: 'us-east-1',
      hsms: ['us-east-1b', 'us-east-1c'].map((availabilityZone, at) => ({
        hsmId: `hsm-abcdefghij${at}`, availabilityZone, eniId: `eni-0000000000000000${at}`, eniIp: `10.0.${at}.12`, state: at === 0 ? 'ACTIVE' : 'CREATE_IN_PROGRESS',
      })),
      users: [{ username: 'admin', role: 'admin', coverage: 'full' }, { username: attack, role: 'crypto-user', coverage: '1 of 2' }],
      backups: [{ backupId: 'backup-abcdefghijk', state: 'READY' }],
    }],
    keyStores: [{ keyStoreId: 'cks-1234567890abcdef0', name: attack, clusterId: 'cluster-abcdefghijk', connectionState: 'FAILED', connectionErrorCode: 'INVALID_CREDENTIALS' }],
    keys: [{ keyId: '11111111-2222-3333-4444-555555555555', state: 'Enabled', origin: 'AWS_CLOUDHSM', keyStoreId: 'cks-1234567890abcdef0' }],
    stacks: [{
      name: `Hsm ${attack.slice(0, -mark.length)}`, status: 'CREATE_COMPLETE', region: 'us-east-1', statusReason: attack,
      resources: names.map((logicalId) => ({ logicalId, physicalId: attack, type: 'Custom::Thing', status: 'CREATE_COMPLETE', reason: attack })),
    }],
    bars: [
      { stack: `Hsm ${attack}`, action: 'CREATE', from: 0, to: 1_545, outcome: 'complete', critical: false },
      ...names.map((name, at): View['bars'][number] => ({
        stack: 'Hsm', resource: at === 1 ? attack : name, action: 'CREATE', from: at * 200, to: at === 6 ? undefined : at * 200 + 195, outcome: at === 4 ? 'failed' : at === 6 ? 'running' : 'complete',
        critical: at % 2 === 1,
      })),
    ],
    denied: [{ at: 12, service: 'kms', operation: 'CreateKey', principal: `arn:aws:sts::123456789012:assumed-role/${attack}`, error: 'AccessDeniedException' }],
    unreachable: [{ at: 13, service: 'ssm', operation: 'connect', principal: attack, error: 'Unreachable', region: 'us-east-1', to: attack, vpcId: 'vpc-1', subnetId: attack, securityGroupIds: [attack], hops: [attack], missing: attack, remedy: attack }],
    faults: [{ service: 'cloudhsmv2', operation: attack, kind: 'error', nth: 1, times: 0, seen: 3, fired: 2 }],
  };
}
