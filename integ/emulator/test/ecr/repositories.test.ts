import { cloudtrail } from '../../src/services/cloudtrail/service';
import { ecr } from '../../src/services/ecr/service';
import { World } from '../_helpers/world';

let world: World;
const repositoryName = 'assets';
beforeEach(() => {
  world = new World({ services: [cloudtrail, ecr] });
  world.call('ecr', 'CreateRepository', { repositoryName, tags: [{ Key: 'k', Value: 'v' }] });
});
afterEach(() => world.stop());

test('a repository has the address of its registry', () => {
  expect(world.call('ecr', 'DescribeRepositories', { repositoryNames: [repositoryName] })).toMatchObject({
    repositories: [{
      repositoryArn: 'arn:aws:ecr:us-east-1:123456789012:repository/assets',
      repositoryUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/assets',
      imageTagMutability: 'MUTABLE',
      encryptionConfiguration: { encryptionType: 'AES256' },
    }],
  });
  expect(world.call('ecr', 'ListTagsForResource', { resourceArn: 'arn:aws:ecr:us-east-1:123456789012:repository/assets' })).toEqual({ tags: [{ Key: 'k', Value: 'v' }] });
});

test.each([
  ['SetRepositoryPolicy', 'GetRepositoryPolicy', 'DeleteRepositoryPolicy', 'policyText', 'RepositoryPolicyNotFoundException'],
  ['PutLifecyclePolicy', 'GetLifecyclePolicy', 'DeleteLifecyclePolicy', 'lifecyclePolicyText', 'LifecyclePolicyNotFoundException'],
])('%s is given back by %s until %s', (put, get, remove, member, code) => {
  expect(world.refusal('ecr', get, { repositoryName }).code).toBe(code);
  const document = '{"rules":[], "Statement":[], "filler": "a policy has to have a hundred characters at least, which is a rule of the model"}';
  world.call('ecr', put, { repositoryName, [member]: document });
  expect(world.call('ecr', get, { repositoryName })[member]).toBe(document);
  world.call('ecr', remove, { repositoryName });
  expect(world.refusal('ecr', get, { repositoryName }).code).toBe(code);
});

test('an image is not found in the words that publishers look for', () => {
  expect(world.refusal('ecr', 'DescribeImages', { repositoryName, imageIds: [{ imageTag: 'x' }] }).code).toBe('ImageNotFoundException');
  expect(world.refusal('ecr', 'DescribeRepositories', { repositoryNames: ['other'] })).toMatchObject({
    code: 'RepositoryNotFoundException', message: 'The repository with name \'other\' does not exist in the registry with id \'123456789012\'',
  });
});

test('a trail has no events', () => {
  expect(world.call('cloudtrail', 'LookupEvents')).toEqual({ Events: [] });
});
