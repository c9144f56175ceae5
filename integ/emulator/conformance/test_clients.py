"""Other clients than boto3 with its own settings: the AWS CLI, and uploads in chunks."""

import io
import json
import subprocess
import sys

import pytest

from calling import call

BUCKET = 'conformance-uploads-4c1d'


def aws(world, *words: str, endpoint: bool = False) -> str:
    """The AWS CLI, told where AWS is by its environment or by --endpoint-url."""
    environment = dict(world.environment)
    option = []
    if endpoint and 'AWS_ENDPOINT_URL' in environment:
        option = ['--endpoint-url', environment.pop('AWS_ENDPOINT_URL')]
    command = [sys.executable, '-m', 'awscli', *words, *option, '--output', 'json']
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    return ran.stdout if ran.returncode == 0 else ran.stderr


@pytest.fixture(scope='module')
def bucket(world) -> str:
    call(world.client('s3'), 'CreateBucket', {'Bucket': BUCKET})
    return BUCKET


@pytest.mark.parametrize('endpoint', [False, True])
def test_the_command_line_finds_the_cluster(world, life, endpoint):
    life.reach('UNINITIALIZED')
    found = json.loads(aws(world, 'cloudhsmv2', 'describe-clusters', '--filters', f'clusterIds={life.cluster_id}', endpoint=endpoint))
    assert [cluster['ClusterId'] for cluster in found['Clusters']] == [life.cluster_id]


def test_the_command_line_is_told_why_not(world):
    said = aws(world, 'cloudhsmv2', 'delete-cluster', '--cluster-id', 'cluster-aaaaaaaaaaa', endpoint=True)
    assert 'An error occurred (CloudHsmResourceNotFoundException) when calling the DeleteCluster operation' in said


def test_the_command_line_lists_key_stores(world):
    assert 'CustomKeyStores' in json.loads(aws(world, 'kms', 'describe-custom-key-stores'))


def test_the_command_line_copies_files(world, bucket, tmp_path):
    source, copy = tmp_path / 'source', tmp_path / 'copy'
    source.write_bytes(bytes(range(256)) * 40)
    aws(world, 's3', 'cp', str(source), f's3://{bucket}/file')
    aws(world, 's3', 'cp', f's3://{bucket}/file', str(copy), endpoint=True)
    assert copy.read_bytes() == source.read_bytes()


@pytest.mark.parametrize('algorithm', ['CRC32', 'SHA1', 'SHA256'])
def test_a_stream_is_uploaded_in_chunks_with_its_checksum_behind(world, bucket, algorithm):
    s3, body, sent = world.client('s3'), b'0123456789' * 20_000, []
    # Without TLS boto3 would put the checksum before the body.
    s3.meta.events.register('before-call.s3.PutObject', lambda params, **_: params['context']['checksum']['request_algorithm'].update({'in': 'trailer'}))
    s3.meta.events.register('before-send.s3.PutObject', lambda request, **_: sent.append(dict(request.headers)))

    call(s3, 'PutObject', {'Bucket': bucket, 'Key': algorithm, 'Body': io.BytesIO(body), 'ChecksumAlgorithm': algorithm})

    assert [as_text(headers['Content-Encoding']) for headers in sent] == ['aws-chunked']
    stored = call(s3, 'GetObject', {'Bucket': bucket, 'Key': algorithm, 'ChecksumMode': 'ENABLED'})
    assert stored['Body'].read() == body and stored[f'Checksum{algorithm}']
    assert stored['ContentLength'] == len(body) and 'aws-chunked' not in stored.get('ContentEncoding', '')


def as_text(header) -> str:
    return header.decode() if isinstance(header, bytes) else header
